// From a document and a cursor to the text to suggest, and to what could stand there besides. What is better for the next
// question is read while nobody waits.

import type {
  AlternativesResult,
  CompleteParams,
  CompleteResult,
  CompletionReport,
  CompletionTiming,
  Offset,
} from "../../protocol/engine";
import { literalMarksOf } from "../../text/filters/literalMarks";
import { indentedWith } from "../../text/indentation";
import { isBlank } from "../../text/lines";
import type { MirroredDocument } from "../documents";
import type { LanguageModel } from "../model/languageModel";
import { type ModelAccess, TooLate, within } from "../modelAccess";
import { hasPathComments } from "../repository/fileTokens";
import type { DocumentOffer } from "../repository/offer";
import { Branches, beginsWith } from "./branches";
import { completionReport } from "./completionReport";
import { FirstLine, LEAST_SURE } from "./firstLine";
import { fittingLine, hasTimeToCompare } from "./fittingLine";
import { type Line, likeliestLine, runsWithin, startsBeside } from "./likeliestLine";
import { cellSuffix, liveText } from "./liveText";
import type { Patience } from "./patience";
import type { Place } from "./place";
import { Places } from "./places";
import { readsAlike } from "./promptFrame";
import { nextStart, promptWindow } from "./promptWindow";
import { RecentSuggestions, type Suggested } from "./recentSuggestions";
import { type Question, readPrompt, type Task } from "./task";
import { type Asked, costOfKnown, lineEnds, offered, type Writing, type Written, write } from "./write";

/** How many suggestions there are besides the first. */
const MOST_ALTERNATIVES = 2;

/** Somebody who has asked for a suggestion is made to wait this many times as long as somebody who has not. */
const ASKED_PATIENCE = 3;

/** Of the time for a better line, the part in which others are looked for; in the rest they are compared. */
const SEARCHING_PART = 1 / 2;

interface PlacedQuestion extends Question {
  readonly place: Place;
}

/** What one suggestion is written for. */
interface Answering extends Pick<Writing, "until" | "leftMs" | "onText"> {
  readonly document: MirroredDocument;
  readonly params: CompleteParams;
  readonly place: Place;
  readonly task: Task;
  /** What it has taken by now. */
  readonly waited: Pick<CompletionTiming, "queueMs" | "promptMs">;
}

export interface CompleterOptions {
  readonly lm: LanguageModel;
  /** What the repository offers for the document, now. */
  readonly repository?: () => DocumentOffer | undefined;
  /**
   * Tells the repository what open documents say by now, while nobody waits: some of it before a prompt is made of what was
   * there before, and all before better snippets are looked for.
   */
  readonly tellRepository?: (howMuch: "some" | "all", access: ModelAccess) => Promise<void>;
  readonly onReport?: (report: CompletionReport) => void;
  /** Absent: whoever asks waits however long it takes, as where results are compared. */
  readonly patience?: Patience;
}

/** Completes in one document, keeping the states that the next request will want. */
export class Completer {
  readonly #lm: LanguageModel;
  readonly #places: Places;
  readonly #recent = new RecentSuggestions();

  constructor(private readonly options: CompleterOptions) {
    this.#lm = options.lm;
    this.#places = new Places(options.lm, options.patience);
  }

  /**
   * Suggests what to insert. Rejects with `Cancelled` when access to the model is refused.
   * @param onText gets what is written, before it is shortened to what is worth showing, and before likelier lines are tried;
   *   indented as it will be shown
   */
  async complete(
    document: MirroredDocument,
    params: CompleteParams,
    access: ModelAccess,
    onText?: (text: string) => void,
  ): Promise<CompleteResult> {
    const { place, ...question } = this.#question(document, params);
    // True also for what is written ahead: nobody will have asked for it.
    const isAutomatic = params.trigger === "automatic";
    // In an empty file the model only guesses.
    if (isAutomatic && isBlank(question.live.prefix) && isBlank(question.live.suffix)) {
      return { type: "empty", reason: "nothing is written yet" };
    }
    const started = performance.now();
    const repository = await this.#repositoryAtTurn(access);
    const began = performance.now();
    const task = await this.#task(place, question, repository);
    const waited = { queueMs: began - started, promptMs: performance.now() - began };
    const { patience } = this.options;
    // What is written ahead has no deadline until somebody waits for it, as others may come in between.
    const awaitedSince = () => (params.isSpeculative === true ? access.raisedAt : began) ?? Infinity;
    const until = patience && (() => awaitedSince() + (isAutomatic ? 1 : ASKED_PATIENCE) * patience.blockMs);
    // Whoever has waited last says until when; before that, the question itself.
    const answerBy = () => (access.raisedAt === undefined ? params.answerBy : access.answerBy);
    const leftMs = () => (answerBy() ?? Infinity) - Date.now();
    const answering = { document, params, place, waited, leftMs };
    const tell = onText && telling(onText, question);
    const answer = await this.#answer({ ...answering, task, until, onText: tell }, access);
    if (answer.type !== "empty" || !task.isBrief) return answer;
    // Nothing came of the lines around the cursor alone: whoever still waits gets what comes of all there is.
    const whole = await place.whole(question.live, repository);
    return this.#answer({ ...answering, task: { ...question, repository, ...whole } }, access);
  }

  /**
   * What could stand there besides what `complete` suggests, likeliest first, as far as it is written within `withinMs`
   * milliseconds. Alternatives are lines that were found to be less likely; the others begin in the next likeliest ways, and go
   * on from there by themselves.
   */
  async alternatives(
    document: MirroredDocument,
    params: CompleteParams,
    withinMs: number,
    access: ModelAccess,
  ): Promise<AlternativesResult> {
    const texts: string[] = [];
    const others = this.#others(this.#question(document, params), params.extent.maxTokens, within(access, withinMs));
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
  async *#others(
    { place, ...question }: PlacedQuestion,
    maxTokens: number,
    access: ModelAccess,
  ): AsyncGenerator<string> {
    const task = await this.#task(place, question, await this.#repositoryAtTurn(access));
    const asked = { maxTokens, isAutomatic: false };
    let suggested = this.#recent.find(task) ?? (await this.#suggest(task, asked, access));
    this.#recent.keep(suggested);
    place.noteRead(task);
    const { written, besides, starts } = suggested;
    const known = new Set(["", finished(written, task)]);
    const isNew = (text: string) => !known.has(text) && known.add(text);
    for (const text of besides.map((one) => finished(one, task))) if (isNew(text)) yield text;
    // The others' states go to branches, so that the sequence keeps the suggestion's: it is the likeliest to be accepted.
    const branches = new Branches();
    for (const tokens of starts.filter((start) => !besides.some((one) => beginsWith(one.tokens, start)))) {
      const start = { type: "given", tokens, branches } as const;
      const other = await write(this.#lm, task, { ...asked, start }, access);
      // If time runs out and the user asks again, this one need not be written again.
      suggested = this.#recent.addBeside(suggested, other);
      const text = finished(other, task);
      if (isNew(text)) yield text;
    }
  }

  /**
   * Runs the prompt at `offset` ahead of time, with what takes too long when somebody waits. It may be stopped at any moment:
   * so what the next key needs comes first, and what is better takes its place when it has been read to its end.
   */
  async prepare(document: MirroredDocument, offset: Offset, access: ModelAccess): Promise<void> {
    const { version } = document;
    const { place, live } = this.#places.goTo(document, { offset }, this.options.repository?.());
    await this.options.tellRepository?.("some", access);
    const repository = await this.#repositoryAtTurn(access);
    const whole = await place.whole(live, repository, false);
    const brief = await place.brief(live, whole);
    if (brief !== undefined) await readPrompt(brief, access);
    await readPrompt(whole, access);
    place.noteRead(whole);
    if (repository?.memory !== undefined) await place.far.remember(live, access);
    await this.options.tellRepository?.("all", access);
    const { frame } = whole.prompt;
    // After an edit, `offset` may mean another place.
    if (document.version !== version) return;
    // If the prompt's beginning has to move, it moves now: at a key, somebody would wait until everything was read again.
    const start = nextStart(document.text, place.start, offset, promptWindow(this.#lm));
    const next = start === undefined ? live : liveText(document, { offset }, repository?.path, start);
    const better = await place.bestFrame(next, this.options.repository?.(), access);
    if (start === undefined && readsAlike(better, frame)) place.stayWith(better);
    else {
      const beside = await place.readBeside(better, next, access);
      // After an edit, `start` and `next` no longer fit the text.
      if (start !== undefined && document.version !== version) return;
      place.moveTo(beside, start);
    }
    // Where the beginning has moved, other lines are far now. Last, so that it delays nothing.
    if (repository?.memory !== undefined) await place.far.remember(next, access);
  }

  /** What it remembers of its document. */
  get places(): Pick<Places, "states" | "oldestFirst" | "leave"> {
    return this.#places;
  }

  /** Gives back the memory that only makes going back quick. */
  shrink(): void {
    this.#recent.clear();
    this.#places.shrink();
  }

  #question(document: MirroredDocument, params: CompleteParams): PlacedQuestion {
    const { place, live } = this.#places.goTo(document, params, this.options.repository?.());
    place.noteQuestion();
    const { cellRest, indentUnit } = params;
    const suffix = cellRest === undefined ? live.suffix : cellSuffix(document, params, cellRest);
    return {
      place,
      live,
      far: place.far.of(live),
      context: {
        prefix: live.prefix,
        suffix,
        multiline: params.extent.multiline,
        hasPathComments: hasPathComments(this.#lm),
        literalMarks: literalMarksOf(live.path, live.languageId),
      },
      indented: indentUnit === undefined ? (text) => text : indentedWith(indentUnit, live.prefix, live.suffix),
    };
  }

  /** What the repository offers once it is the job's turn: while it waited, files may have been forbidden. */
  async #repositoryAtTurn(access: ModelAccess): Promise<DocumentOffer | undefined> {
    await access.nextRun();
    return this.options.repository?.();
  }

  async #task(place: Place, question: Question, repository: DocumentOffer | undefined): Promise<Task> {
    const whole = await place.whole(question.live, repository);
    return { ...question, repository, ...((await place.brief(question.live, whole)) ?? whole) };
  }

  async #answer(
    { document, params, place, task, waited, until, leftMs, onText }: Answering,
    access: ModelAccess,
  ): Promise<CompleteResult> {
    const isAutomatic = params.trigger === "automatic";
    const asked = { maxTokens: params.extent.maxTokens, isAutomatic };
    const known = this.#recent.find(task, asked);
    const suggested = known ?? (await this.#suggest(task, { ...asked, until, leftMs, onText }, access));
    const { written } = suggested;
    // Whoever comes back has time for more of what was cut short.
    if (!written.isCutShort) this.#recent.keep(suggested);
    place.noteRead(task);
    const cost = known === undefined ? written.cost : costOfKnown(task.prompt);
    const timing = { ...waited, ...cost };
    // The report is about what the user looks at, and not about what is written ahead.
    if (params.isSpeculative !== true) this.options.onReport?.(completionReport(document, task, timing));
    if (isAutomatic && !written.isSure) return { type: "empty", reason: "not sure enough" };
    const text = finished(written, task);
    if (text === "")
      return { type: "empty", reason: written.text === "" ? "the model ended at once" : "nothing worth showing" };
    const streamed = known === undefined && suggested.streamed !== undefined && finished(suggested.streamed, task);
    return {
      type: "success",
      text,
      timing,
      ...(streamed && { streamed }),
      ...(!written.isSure && { isUnsure: true }),
      ...(written.isCutShort && { isCutShort: true }),
    };
  }

  async #suggest(
    task: Task,
    { until, leftMs, onText, ...asked }: Asked & Pick<Writing, "until" | "leftMs" | "onText">,
    access: ModelAccess,
  ): Promise<Suggested> {
    const { prompt, context, repository, far } = task;
    const about = { ...asked, prompt, context, epoch: repository?.memory?.epoch, farEpoch: far?.epoch };
    const line = async (firstLine: FirstLine, writing: Omit<Writing, keyof Asked> & Partial<Asked>): Promise<Line> => ({
      firstLine,
      written: await write(this.#lm, task, { ...asked, leftMs, ...writing, firstLine }, access),
    });
    const first = new FirstLine(lineEnds(this.#lm));
    if (context.multiline) {
      const block = await line(first, { start: { type: "regrow" }, until, onText });
      return { ...about, written: block.written, besides: [], starts: startsBeside(block) };
    }
    const branches = new Branches();
    const greedy = await line(first, { start: { type: "regrow", branches }, onText });
    const least = asked.isAutomatic ? LEAST_SURE : -Infinity;
    const patienceMs = asked.isAutomatic ? (this.options.patience?.betterLineMs ?? Infinity) : Infinity;
    const mostMs = greedy.written.isCutShort ? 0 : Math.min(leftMs?.() ?? Infinity, patienceMs);
    const mostRuns = runsWithin(SEARCHING_PART * mostMs, greedy.written.cost);
    const isComparable = hasTimeToCompare((1 - SEARCHING_PART) * mostMs, this.options.patience?.pace.tokenMs);
    const inTime = within(access, mostMs);
    const { firstLine, ...likeliest } = await likeliestLine(
      greedy,
      least,
      mostRuns,
      ({ tokens, firstLine }, least, most) => {
        const maxTokens = Math.min(asked.maxTokens, tokens.length + most);
        return line(firstLine, { start: { type: "given", tokens, branches }, least, maxTokens });
      },
      isComparable ? (lines) => fittingLine(this.#lm, task, lines, inTime) : undefined,
    );
    // The first line's states went to the sequence as it was written; another line's are still to go there.
    if (firstLine !== first) await lead(task, likeliest.written, branches, access);
    const isOther = likeliest.written.text !== greedy.written.text && greedy.written.isSure;
    return { ...about, ...likeliest, ...(isOther && { streamed: greedy.written }) };
  }
}

/** Gives the sequence the states along what was written, as far as there are any, so that accepting it costs nothing. */
async function lead(task: Task, { tokens }: Written, branches: Branches, access: ModelAccess): Promise<void> {
  const advance = await readPrompt(task, access);
  let seen = 0;
  for (const branch of branches.along(tokens)) {
    task.sequence.extend(advance, branch.tokens.slice(seen), branch.state);
    seen = branch.tokens.length;
  }
}

function finished(written: Written, { context, indented }: Question): string {
  return indented(offered(written, context));
}

/** Takes what is written piece by piece, and passes on what is settled of its indentation. */
function telling(onText: (text: string) => void, { indented }: Pick<Question, "indented">): (piece: string) => void {
  let [written, told] = ["", ""];
  return (piece) => {
    written += piece;
    const settled = indented(written);
    if (settled !== told) onText(settled.slice(told.length));
    told = settled;
  };
}
