// A place where somebody writes in a document, and what is read there: the whole prompt, a brief one where somebody would wait
// too long for it, and a better one beside the one in use.

import type { Offset } from "../../protocol/engine";
import { Sequence } from "../decoding/sequence";
import type { Mark, MirroredDocument } from "../documents";
import type { LanguageModel } from "../model/languageModel";
import type { State } from "../model/state";
import type { ModelAccess } from "../modelAccess";
import type { DocumentOffer } from "../repository/offer";
import { BriefPrompt } from "./briefPrompt";
import { FarMemory } from "./farMemory";
import { FrameKeeper } from "./frameKeeper";
import type { LiveText } from "./liveText";
import type { Patience } from "./patience";
import type { PromptFrame } from "./promptFrame";
import { promptOf, type Reading, readPrompt, unread } from "./task";

/**
 * The part of the time for reading that a brief prompt may take: the user also waits for the words that are written after it.
 */
const BRIEF_PART = 3 / 4;
/** A brief prompt says less, so it must leave less than this part of the whole one's reading. */
const WORTH_IT = 1 / 2;

/** A better frame than the one in use, and what is read of it. */
export interface Beside {
  readonly frame: PromptFrame;
  readonly sequence: Sequence;
}

export class Place {
  readonly frames: FrameKeeper;
  readonly far: FarMemory;
  readonly #start: Mark;
  readonly #cursor: Mark;
  #usedAt = performance.now();
  #isRead = false;
  #isCompletedIn = false;
  #sequence: Sequence;
  /** What is read instead as long as the prompt would take too long. */
  #brief: BriefPrompt | undefined;
  /** With the bundled model 2,000 tokens take 155 MB while they are read, and 60 MB while they wait for the next rest. */
  #beside: Beside | undefined;

  /** @param from begins as a copy of it: much of what was read there may stand before the new cursor, too */
  constructor(
    private readonly lm: LanguageModel,
    private readonly patience: Patience | undefined,
    private readonly document: MirroredDocument,
    offset: Offset,
    from?: Place,
  ) {
    this.frames = from?.frames.fork() ?? new FrameKeeper(lm);
    this.far = from?.far.fork() ?? new FarMemory(lm);
    this.#sequence = from === undefined ? new Sequence(lm.model) : from.#sequence.fork();
    this.#start = document.addMark(from?.start ?? 0);
    this.#cursor = document.addMark(offset);
  }

  /** Where its prompt begins. */
  get start(): Offset {
    return this.#start.offset;
  }

  /** Where the cursor was last. */
  get cursor(): Offset {
    return this.#cursor.offset;
  }

  /** By a clock that never goes back. */
  get usedAt(): number {
    return this.#usedAt;
  }

  /** Whether anything was read there: a click in passing is none to come back to. */
  get isRead(): boolean {
    return this.#isRead;
  }

  /** Whether anybody has asked there for a completion, and not only looked. */
  get isCompletedIn(): boolean {
    return this.#isCompletedIn;
  }

  /** The cursor is there now. @param start where the prompt begins from now on */
  arrive(cursor: Offset, start: Offset): void {
    this.#cursor.offset = cursor;
    this.#start.offset = start;
    this.#usedAt = performance.now();
  }

  /** Somebody asks there for a completion. */
  noteQuestion(): void {
    this.#isCompletedIn = true;
  }

  /** @param isWaitedFor see FrameKeeper */
  async whole(live: LiveText, repository: DocumentOffer | undefined, isWaitedFor?: boolean): Promise<Reading> {
    const sequence = this.#sequence;
    const frame = await this.frames.now(live, repository, isWaitedFor);
    return { sequence, prompt: await promptOf(this.lm, frame, live.prefix), isBrief: false };
  }

  /** What to read instead of the whole prompt, where that would take too long. */
  async brief(live: LiveText, whole: Reading): Promise<Reading | undefined> {
    const { readingMs, pace } = this.patience ?? {};
    const left = unread(whole);
    if (readingMs === undefined || pace?.tokenMs === undefined || left * pace.tokenMs <= readingMs) return undefined;
    this.#brief ??= new BriefPrompt(this.lm, (BRIEF_PART * readingMs) / pace.tokenMs);
    const { sequence } = this.#brief;
    const brief = { sequence, prompt: await this.#brief.at(live, whole.prompt.frame.base), isBrief: true };
    return unread(brief) < WORTH_IT * left ? brief : undefined;
  }

  /** From when the whole prompt was read on, no brief one is needed. */
  noteRead({ isBrief }: Reading): void {
    this.#isRead = true;
    if (!isBrief) this.#brief = undefined;
  }

  /** The best frame there is, which may be one that is being read beside the one in use. */
  bestFrame(live: LiveText, repository: DocumentOffer | undefined, access: ModelAccess): Promise<PromptFrame> {
    return this.frames.atLeisure(live, repository, access, this.#beside?.frame);
  }

  /** Reads a frame that is not in use yet. When it is stopped, the next rest goes on there. */
  async readBeside(frame: PromptFrame, live: LiveText, access: ModelAccess): Promise<Beside> {
    const sequence = this.#beside?.sequence ?? new Sequence(this.lm.model);
    const beside = { frame, sequence };
    this.#beside = beside;
    const prompt = await promptOf(this.lm, frame, live.prefix);
    try {
      await readPrompt({ prompt, sequence, isBrief: false }, access);
    } catch (error) {
      // The newest state is enough to go on from; the others would only take memory while somebody types.
      sequence.shrink();
      throw error;
    }
    return beside;
  }

  /** Uses what was read beside. @param start where its prompt begins, if that is elsewhere */
  moveTo({ frame, sequence }: Beside, start: Offset | undefined): void {
    this.#sequence = sequence;
    if (start !== undefined) this.#start.offset = start;
    this.stayWith(frame);
  }

  /** Uses a frame that the present states serve, too. */
  stayWith(frame: PromptFrame): void {
    this.frames.use(frame);
    this.#beside = undefined;
  }

  /**
   * What it keeps, with the repository's states that it begins from, or would after the next rest: the trunk may have gone on since,
   * and keep them no longer.
   */
  get states(): readonly State[] {
    const sequences = [this.#sequence, this.#brief?.sequence, this.#beside?.sequence];
    const read = sequences.filter((one) => one !== undefined).flatMap(({ base, states }) => [base, ...states]);
    return [...this.frames.bases, ...read];
  }

  /** Gives back the memory that only makes going back quick. @param reach see Sequence */
  shrink(reach?: number): void {
    this.#beside = undefined;
    this.#brief = undefined;
    this.#sequence.shrink(reach);
  }

  /** Nobody comes back to it. */
  leave(): void {
    this.document.removeMark(this.#start);
    this.document.removeMark(this.#cursor);
  }
}
