// What is read at a place: the whole prompt, a brief one where somebody would wait too long for it, and a better one beside the
// one in use.

import { Sequence } from "../decoding/sequence";
import type { LanguageModel } from "../model/languageModel";
import type { ModelAccess } from "../modelAccess";
import type { DocumentOffer } from "../repository/offer";
import { BriefPrompt } from "./briefPrompt";
import type { LiveText } from "./liveText";
import type { Patience } from "./patience";
import type { Place } from "./places";
import type { PromptFrame } from "./promptFrame";
import { promptOf, type Reading, readPrompt, unread } from "./task";

/**
 * The part of the time for reading that a brief prompt may take: the user also waits for the words that are written after it.
 */
const BRIEF_PART = 3 / 4;
/** A brief prompt says less, so it must leave less than this part of the whole one's reading. */
const WORTH_IT = 1 / 2;
export class Readings {
  constructor(
    private readonly lm: LanguageModel,
    private readonly patience: Patience | undefined,
  ) {}

  /** @param isWaitedFor see FrameKeeper */
  async whole(
    { frames, sequence }: Place,
    live: LiveText,
    repository: DocumentOffer | undefined,
    isWaitedFor?: boolean,
  ): Promise<Reading> {
    const frame = await frames.now(live, repository, isWaitedFor);
    return { sequence, prompt: await promptOf(this.lm, frame, live.prefix), isBrief: false };
  }

  /** What to read instead of the whole prompt, where that would take too long. */
  async brief(place: Place, live: LiveText, whole: Reading): Promise<Reading | undefined> {
    const { readingMs, pace } = this.patience ?? {};
    const left = unread(whole);
    if (readingMs === undefined || pace?.tokenMs === undefined || left * pace.tokenMs <= readingMs) return undefined;
    place.brief ??= new BriefPrompt(this.lm, (BRIEF_PART * readingMs) / pace.tokenMs);
    const { sequence } = place.brief;
    const brief = { sequence, prompt: await place.brief.at(live, whole.prompt.frame.base), isBrief: true };
    return unread(brief) < WORTH_IT * left ? brief : undefined;
  }

  /** Reads a frame that is not in use yet. When it is stopped, the next rest goes on there. */
  async readBeside(place: Place, frame: PromptFrame, live: LiveText, access: ModelAccess): Promise<Sequence> {
    place.beside ??= new Sequence(this.lm.model);
    const sequence = place.beside;
    const prompt = await promptOf(this.lm, frame, live.prefix);
    try {
      await readPrompt({ prompt, sequence, isBrief: false }, access);
    } catch (error) {
      // The newest state is enough to go on from; the others would only take memory while somebody types.
      sequence.shrink();
      throw error;
    }
    return sequence;
  }
}
