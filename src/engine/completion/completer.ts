// From a document and a cursor to the text to suggest: prompt, token healing, generation, filters.

import { isDeepStrictEqual } from "node:util";
import type {
  AlternativesResult,
  CompleteParams,
  CompleteResult,
  CompletionReport,
  CompletionTiming,
  FinishReason,
  Offset,
} from "../../protocol/engine";
import { type FilterContext, finishCompletion, stopOffset } from "../../text/filters";
import { isBlank, normalizeLineEnds } from "../../text/lines";
import type { MirroredDocument } from "../documents";
import { MOST_DRAFTED } from "../exactMemory/drafting";
import { Recall } from "../exactMemory/recall";
import { generate } from "../generate";
import type { LanguageModel } from "../model/languageModel";
import type { TokenId } from "../model/model";
import { type ModelAccess, TooLate, within } from "../modelAccess";
import type { RepositoryContext } from "../repository/repository";
import { type Advance, Sequence } from "../sequence";
import { completionReport } from "./completionReport";
import { FirstLine } from "./firstLine";
import { FrameKeeper } from "./frameKeeper";
import { cellSuffix, type LiveText, liveText } from "./liveText";
import { type PromptFrame, promptWindow, readsAlike } from "./promptFrame";
import { type HealedPrompt, heal, Regrowth, regrow, runCut } from "./tokenHealing";

/** Suggestions besides the first, and forks that are tried for them: some lead to the same text, or to nothing. */
const MOST_ALTERNATIVES = 2;
const MOST_FORKS = 4;

/** The one in sight, the one that is written ahead, and those to which a typing error, Undo or the cursor comes back. */
const KEPT_SUGGESTIONS = 8;

/** Its tokens come after the frame's base. */
interface Prompt extends HealedPrompt {
  readonly frame: PromptFrame;
  readonly landmarks: readonly number[];
}

/** What a request is about: taken when it comes, because edits that arrive while it waits belong to later requests. */
interface Question {
  readonly live: LiveText;
  readonly context: FilterContext;
}

interface Writing {
  readonly context: FilterContext;
  readonly maxTokens: number;
  /** The tokens to begin with, which are not chosen. */
  readonly given?: readonly TokenId[];
  /** Gets the choices of the first line. Absent: nobody wants to know how it was chosen. */
  readonly firstLine?: FirstLine;
  readonly onText?: (text: string) => void;
  /** Whether to end as soon as the first line is not sure enough. */
  readonly isUnasked?: boolean;
}

interface Generated {
  readonly text: string;
  readonly tokens: readonly TokenId[];
  readonly finish: FinishReason;
  readonly isSure: boolean;
}

interface Written extends Generated {
  readonly cost: Omit<CompletionTiming, "queueMs" | "promptMs">;
}

/** A suggestion with where others could leave it. */
interface Suggested extends Pick<Writing, "context" | "maxTokens" | "isUnasked"> {
  readonly prompt: Prompt;
  /** Of the exact memory that had a say in it. */
  readonly epoch: number | undefined;
  readonly firstLine: FirstLine;
  readonly written: Written;
}

export interface CompleterOptions {
  readonly lm: LanguageModel;
  /** What the repository offers for the document, now. */
  readonly repository?: () => RepositoryContext | undefined;
  readonly onReport?: (report: CompletionReport) => void;
}

/** Completes in one document, keeping the states that the next request will want. */
export class Completer {
  readonly #lm: LanguageModel;
  readonly #frames: FrameKeeper;
  #sequence: Sequence;
  /**
   * What is read of a better frame while the present one stays in use. With the bundled model 2,000 tokens take 142 MB while
   * they are read, and 47 MB while they wait for the next rest.
   */
  #beside: Sequence | undefined;
  /** Every control token: what comes after one is another file, or another's words. */
  readonly #stop: readonly TokenId[];
  /**
   * What was suggested last, newest first: behind nearly every suggestion what comes after it is written, too. All with the
   * same base, whose state they keep alive.
   */
  #suggested: readonly Suggested[] = [];

  constructor(private readonly options: CompleterOptions) {
    this.#lm = options.lm;
    const { bos, stop, ...others } = options.lm.about.tokens;
    this.#stop = [...new Set([...stop, bos, ...Object.values(others)])];
    this.#sequence = new Sequence(options.lm.model);
    this.#frames = new FrameKeeper(options.lm);
  }

  /**
   * Suggests what to insert. Rejects with `Cancelled` when access to the model is refused.
   * @param onText gets what is written, before it is shortened to what is worth showing
   */
  async complete(
    document: MirroredDocument,
    params: CompleteParams,
    access: ModelAccess,
    onText: (text: string) => void = () => {},
  ): Promise<CompleteResult> {
    const { live, context } = this.#question(document, params);
    // In an empty file the model only guesses, and nobody has asked yet.
    if (params.trigger === "automatic" && isBlank(live.prefix) && isBlank(live.suffix)) {
      return { type: "empty", reason: "nothing is written yet" };
    }
    const started = performance.now();
    const repository = await this.#repositoryAtTurn(access);
    const began = performance.now();
    const prompt = await this.#prompt(await this.#frames.now(live, repository), live.prefix);
    const promptMs = performance.now() - began;
    // Also what is written ahead is for somebody who will not have asked for it.
    const isUnasked = params.trigger === "automatic";
    const writing = { context, maxTokens: params.maxTokens, onText, isUnasked };
    const known = this.#suggestedAfter(prompt, repository, writing);
    const suggested = known ?? (await this.#suggest(prompt, live, repository, writing, access));
    const written = known === undefined ? suggested.written : withoutCost(known);
    const isRefused = isUnasked && !written.isSure;
    const others = this.#suggested.filter((one) => one !== known && hasBase(one.prompt, prompt.frame));
    this.#suggested = [suggested, ...others].slice(0, KEPT_SUGGESTIONS);
    const timing = { queueMs: began - started, promptMs, ...written.cost };
    // What nobody has asked for yet is not what the user looks at.
    if (params.isSpeculative !== true)
      this.options.onReport?.(completionReport(document, prompt.frame, repository?.folder, timing));
    if (isRefused) return { type: "empty", reason: "not sure enough" };
    const text = finished(written, context);
    if (text === "")
      return { type: "empty", reason: written.text === "" ? "the model ended at once" : "nothing worth showing" };
    return { type: "success", text, finish: written.finish, timing, ...(!written.isSure && { isUnsure: true }) };
  }

  /**
   * What could stand there besides what `complete` suggests, likeliest first, as far as it is written within `withinMs`
   * milliseconds. Each alternative leaves that suggestion's first line where another token was nearly as likely, and goes on
   * from there by itself.
   */
  async alternatives(
    document: MirroredDocument,
    params: CompleteParams,
    withinMs: number,
    access: ModelAccess,
  ): Promise<AlternativesResult> {
    const texts: string[] = [];
    const others = this.#others(this.#question(document, params), params.maxTokens, within(access, withinMs));
    try {
      for await (const text of others) {
        texts.push(text);
        if (texts.length === MOST_ALTERNATIVES) break;
      }
    } catch (error) {
      if (!(error instanceof TooLate)) throw error;
    }
    return { type: "success", texts };
  }

  /** The other texts, one after the other as they are written. */
  async *#others({ live, context }: Question, maxTokens: number, access: ModelAccess): AsyncGenerator<string> {
    const repository = await this.#repositoryAtTurn(access);
    const prompt = await this.#prompt(await this.#frames.now(live, repository), live.prefix);
    const writing = { context, maxTokens };
    const suggested =
      this.#suggestedAfter(prompt, repository) ?? (await this.#suggest(prompt, live, repository, writing, access));
    const { tokens } = suggested.written;
    const known = new Set(["", finished(suggested.written, context)]);
    for (const { index, token } of suggested.firstLine.closest.slice(0, MOST_FORKS)) {
      const given = [...tokens.slice(0, index), token];
      const text = finished(await this.#write(prompt, live, repository, { ...writing, given }, access), context);
      if (!known.has(text)) yield text;
      known.add(text);
    }
  }

  /**
   * What was suggested lately at the same prompt's end: it need not be written again. Unless a file has been forgotten since,
   * whose words it may have.
   * @param asked what it must have been written for; absent: the choices that were made are enough
   */
  #suggestedAfter(
    { frame, tokens, wanted }: Prompt,
    repository: RepositoryContext | undefined,
    asked?: Writing,
  ): Suggested | undefined {
    return this.#suggested.find(
      ({ prompt: before, context, maxTokens, epoch, isUnasked, written }) =>
        hasBase(before, frame) &&
        epoch === repository?.memory?.epoch &&
        // What was refused was not written to its end.
        (isUnasked !== true || written.isSure || asked?.isUnasked === true) &&
        isDeepStrictEqual(before.tokens, tokens) &&
        // What the user has typed of the word since has the same tokens before it.
        isDeepStrictEqual(before.wanted, wanted) &&
        (asked === undefined || (asked.maxTokens === maxTokens && isDeepStrictEqual(asked.context, context))),
    );
  }

  /**
   * Runs the prompt at `offset` ahead of time, with what takes too long when somebody waits. It may be stopped at any moment:
   * so what the next key needs comes first, and what is better takes its place when it has been read to its end.
   */
  async prepare(document: MirroredDocument, offset: Offset, access: ModelAccess): Promise<void> {
    const { version } = document;
    const live = this.#live(document, { offset });
    const repository = await this.#repositoryAtTurn(access);
    const frame = await this.#frames.now(live, repository, false);
    await this.#advance(await this.#prompt(frame, live.prefix), access);
    // An edit may have moved what `offset` says.
    if (document.version !== version) return;
    // Its beginning moves now, and not under a key that waits until all is read again.
    const start = document.nextStart(offset, promptWindow(this.#lm, repository));
    const next =
      start === undefined ? live : { ...live, prefix: normalizeLineEnds(document.text.slice(start, offset)) };
    const better = await this.#frames.atLeisure(next, this.options.repository?.(), access);
    if (start !== undefined || !readsAlike(better, frame)) {
      const sequence = await this.#readBeside(better, next, access);
      // An edit may have moved the text.
      if (start !== undefined && document.version !== version) return;
      this.#sequence = sequence;
      if (start !== undefined) document.beginAt(start);
    }
    this.#frames.use(better);
    this.#beside = undefined;
  }

  /** Gives back the memory that only makes going back quick. */
  shrink(): void {
    this.#suggested = [];
    this.#beside = undefined;
    this.#sequence.shrink();
  }

  /** Reads a frame that is not in use yet. When it is stopped, the next rest goes on there. */
  async #readBeside(frame: PromptFrame, live: LiveText, access: ModelAccess): Promise<Sequence> {
    this.#beside ??= new Sequence(this.#lm.model);
    const sequence = this.#beside;
    const { tokens, landmarks } = await this.#prompt(frame, live.prefix);
    try {
      await sequence.advance(tokens, landmarks, access, frame.base.state);
    } catch (error) {
      // To go on, the newest state is enough: the others would lie there while somebody types.
      sequence.shrink();
      throw error;
    }
    return sequence;
  }

  #question(document: MirroredDocument, params: CompleteParams): Question {
    const live = this.#live(document, params);
    const suffix = params.cellRest === undefined ? live.suffix : cellSuffix(document, params, params.cellRest);
    return { live, context: { prefix: live.prefix, suffix, multiline: params.multiline } };
  }

  #live(document: MirroredDocument, place: Pick<CompleteParams, "offset" | "selected">): LiveText {
    const repository = this.options.repository?.();
    return liveText(document, place, repository, promptWindow(this.#lm, repository));
  }

  /** What the repository offers once it is the job's turn: while it waited, files may have been forbidden. */
  async #repositoryAtTurn(access: ModelAccess): Promise<RepositoryContext | undefined> {
    await access.nextRun();
    return this.options.repository?.();
  }

  async #prompt(frame: PromptFrame, prefix: string): Promise<Prompt> {
    const { tokenizer } = this.#lm;
    const lineStart = prefix.lastIndexOf("\n") + 1;
    const before = [...frame.tokens, ...(await tokenizer.encode(prefix.slice(0, lineStart)))];
    const line = heal(await tokenizer.encode(prefix.slice(lineStart)), tokenizer.vocabulary);
    const landmarks = [frame.tokens.length, before.length];
    return { frame, landmarks, ...line, tokens: [...before, ...line.tokens] };
  }

  async #advance({ frame, tokens, landmarks }: Prompt, access: ModelAccess): Promise<Advance> {
    return this.#sequence.advance(tokens, landmarks, access, frame.base.state);
  }

  /** What is remembered at this prompt's end: where the exact memory is switched off or empty, the prompt itself, for drafts. */
  async #recall({ frame, tokens }: Prompt, live: LiveText, repository: RepositoryContext | undefined): Promise<Recall> {
    if (repository?.memory === undefined) return new Recall({ context: tokens });
    const { memory, path } = repository;
    const after = await this.#lm.tokenizer.encode(live.suffix.slice(frame.told));
    return new Recall({ memory, context: tokens, after, exclude: path });
  }

  async #suggest(
    prompt: Prompt,
    live: LiveText,
    repository: RepositoryContext | undefined,
    writing: Writing,
    access: ModelAccess,
  ): Promise<Suggested> {
    const firstLine = new FirstLine(this.#stop);
    const epoch = repository?.memory?.epoch;
    const written = await this.#write(prompt, live, repository, { ...writing, firstLine }, access);
    const { context, maxTokens, isUnasked = false } = writing;
    return { prompt, context, maxTokens, isUnasked, epoch, firstLine, written };
  }

  /** Reads the prompt, as far as it is not read already, and writes what comes after it. */
  async #write(
    prompt: Prompt,
    live: LiveText,
    repository: RepositoryContext | undefined,
    writing: Writing,
    access: ModelAccess,
  ): Promise<Written> {
    const began = performance.now();
    const advance = await this.#advance(prompt, access);
    const prefilled = performance.now();
    const recall = await this.#recall(prompt, live, repository);
    const generated = await this.#generate(prompt, advance, recall, writing, access);
    const cost = {
      reusedTokens: advance.reused,
      replayedTokens: advance.replayed,
      generatedTokens: generated.tokens.length,
      recalledTokens: recall.counts.recalled,
      draftedTokens: recall.counts.drafted,
      prefillMs: prefilled - began,
      decodeMs: performance.now() - prefilled,
    };
    return { ...generated, cost };
  }

  async #generate(
    prompt: Prompt,
    advance: Advance,
    recall: Recall,
    { context, maxTokens, given, firstLine, onText, isUnasked = false }: Writing,
    access: ModelAccess,
  ): Promise<Generated> {
    const { model, tokenizer } = this.#lm;
    const stream = tokenizer.stream();
    const regrowth = new Regrowth(tokenizer.vocabulary, prompt.wanted);
    if (given === undefined && prompt.cut.length > 1) await access.nextRun();
    const begun = given === undefined ? await runCut(model, advance, prompt.cut) : undefined;
    const regrown = begun && regrow(prompt, begun.logits, tokenizer.vocabulary, recall);
    const start = given ?? regrown!.tokens;
    if (regrown !== undefined) firstLine?.begin(regrown.logShare);
    const tokens: TokenId[] = [];
    let text = "";
    const pick = (logits: Float32Array) => {
      const token = start[tokens.length] ?? recall.pick(logits);
      if (firstLine !== undefined && !text.trimStart().includes("\n")) {
        firstLine.note(tokens.length, token, logits, regrowth.allowed);
        if (tokens.length >= start.length) firstLine.chose(recall.bits(logits, token));
      }
      recall.push(token);
      return token;
    };
    const draft = (max: number) =>
      start.length > tokens.length
        ? start.slice(tokens.length, tokens.length + Math.min(max, MOST_DRAFTED))
        : recall.draft(max);
    const options = { pick, stop: this.#stop, maxTokens, draft, ...(begun && { begun }) };
    for await (const token of generate(model, this.#sequence, advance, options, access)) {
      tokens.push(token);
      const piece = stream.pushBytes(regrowth.take(token));
      text += piece;
      if (piece !== "") onText?.(piece);
      const isSure = firstLine?.isSure ?? true;
      if (stopOffset(text, context) !== undefined || (isUnasked && !isSure))
        return { text, tokens, finish: "stop", isSure };
    }
    const finish: FinishReason = tokens.length === maxTokens ? "length" : "stop";
    // No `stream.end()`: half a character at the limit is dropped. Where nothing is said, nothing is doubtful.
    return { text, tokens, finish, isSure: text === "" || (firstLine?.isSure ?? true) };
  }
}

function finished({ text, finish }: Generated, context: FilterContext): string {
  return finishCompletion(text, context, finish === "length");
}

function hasBase({ frame }: Prompt, other: PromptFrame): boolean {
  return frame.base.state === other.base.state;
}

/** The same, where it was there already. */
function withoutCost({ prompt, written }: Suggested): Written {
  return { ...written, cost: { ...NO_COST, reusedTokens: prompt.tokens.length } };
}

const NO_COST: Written["cost"] = {
  reusedTokens: 0,
  replayedTokens: 0,
  generatedTokens: 0,
  recalledTokens: 0,
  draftedTokens: 0,
  prefillMs: 0,
  decodeMs: 0,
};
