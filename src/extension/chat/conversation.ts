// The chat's turns: asks, streams, remembers.
//
// Knows neither who answers nor the page: it is given somebody to ask and somebody to tell.

import { type ChatCitation, type ChatParams, type ChatTurn, distinctFiles } from "../../protocol/engine";
import type { AnswerEntry, ChatEntry, QuestionEntry } from "../../protocol/webview";
import type { Clock } from "../clock";
import type { EngineClient } from "../engineProcess/engineClient";
import { Throttle } from "../throttle";
import { type AnswerEnd, type Answerer, type AnswerListener, STOPPED } from "./answerer";
import { type ChatHistory, filesOf } from "./history";

/** About 600 words; Stop is there for the rest. */
const MAX_ANSWER_TOKENS = 800;
/** The length of a draft below the places that are the answer. */
const MAX_CONTINUATION_TOKENS = 200;
/** Between two moments at which an answer is kept while it comes: no more of it is lost with the window. */
const SAVE_INTERVAL_MS = 3_000;
/** What is kept with such an answer, as long as its end is not known. */
const CUT_SHORT = "The window was closed before the answer was finished.";

export interface ConversationOptions {
  readonly engine: Pick<EngineClient, "checkCitations">;
  readonly history: ChatHistory;
  readonly listener: ConversationListener;
  readonly clock: Clock;
}

export interface ConversationListener {
  /** Entries have come or gone. */
  onEntries(): void;
  /** More text of the answer under way. */
  onText(text: string): void;
  /** More is known of the answer under way; `answering` is false when it has ended. */
  onAnswer(entry: AnswerEntry, answering: boolean): void;
}

export interface AskedQuestion {
  readonly text: string;
  /** What is attached, as its chips are labeled. */
  readonly attached: readonly string[];
  readonly params: Omit<ChatParams, "turns" | "maxTokens">;
}

export interface ReadyAnswerer {
  readonly answerer: Answerer;
  /** How much of the repository there is to look through; undefined when it is asked without. */
  readonly searched: AnswerEntry["searched"];
}

/** Who answers, which may be known only later. An aborted signal, which Stop aborts, ends the wait at once. */
export type AnswererToCome = (signal: AbortSignal) => Promise<ReadyAnswerer>;

interface AnswerUnderWay {
  readonly controller: AbortController;
  /** How it ended; absent while it is still being written. After its end the places that it names are checked. */
  end?: AnswerEnd;
}

export class Conversation {
  private said: readonly ChatEntry[];
  private answer: AnswerUnderWay | undefined;
  private clearings = 0;
  /** The first entries: how many of them each undone clearing has brought back. */
  private broughtBack: { readonly clearing: number; readonly count: number }[] = [];
  private readonly saving: Throttle;

  constructor(private readonly options: ConversationOptions) {
    this.said = options.history.load();
    this.saving = new Throttle(options.clock, SAVE_INTERVAL_MS, () => this.save());
  }

  get isAnswering(): boolean {
    return this.answer !== undefined;
  }

  get entries(): readonly ChatEntry[] {
    return this.said;
  }

  /** Adds a question and streams its answer. Does nothing while an answer is under way. */
  async ask({ text, attached, params }: AskedQuestion, who: AnswererToCome): Promise<void> {
    if (this.answer || text.trim() === "") return;
    const answer: AnswerUnderWay = { controller: new AbortController() };
    this.answer = answer;
    const question = { role: "user", text: text.trim(), attached } as const;
    this.replace([...this.said, question, emptyAnswer({ isContinuation: false }, undefined)]);
    const { answerer, searched } = await who(answer.controller.signal);
    // A cleared conversation has forgotten this answer.
    const isForgotten = (): boolean => this.answer !== answer;
    if (isForgotten()) return;
    const before = this.said.slice(0, -2);
    const turns = [...turnsOf(before, answerer, question.text), { role: "user", text: question.text } as const];
    const maxTokens = answerer.isContinuation ? MAX_CONTINUATION_TOKENS : MAX_ANSWER_TOKENS;
    this.replace([...before, question, emptyAnswer(answerer, searched)]);

    const listener: AnswerListener = {
      onFindings: ({ sources, refusals, withheld }) => {
        // What is said from now on does not know of them, and is not to be withheld as well.
        if (withheld?.isForGood) this.startTopicAtQuestion(turns.slice(0, -1 - 2 * withheld.count));
        this.change({ isGathered: true, sources, refusals }, true);
        this.saving.request();
      },
      onText: (piece) => {
        this.replaceLast({ ...this.last, text: this.last.text + piece });
        this.options.listener.onText(piece);
        this.saving.request();
      },
    };
    const end = await answerer.answer({ ...params, turns, maxTokens }, listener, answer.controller.signal);
    answer.end = end;
    if (isForgotten()) return;
    const citations = await this.citationsIn(this.last.text);
    if (isForgotten()) return;
    this.answer = undefined;
    this.change({ ...end, citations }, false);
    this.save();
  }

  stop(): void {
    this.answer?.controller.abort();
  }

  /** What was said stays in sight, and is not told with the next question. Does nothing where nothing was said yet. */
  startTopic(): void {
    const last = this.entries.at(-1);
    if (last === undefined || last.role === "divider") return;
    this.endAnswer();
    this.replace([...this.said, { role: "divider" }]);
  }

  /** @param told with the question under way, whose answer may repeat what these drew on */
  private startTopicAtQuestion(told: readonly ChatTurn[]): void {
    const [question, answer] = this.said.slice(-2) as [QuestionEntry, AnswerEntry];
    const droppedFiles = distinctFiles(told.flatMap(({ drewOn = [] }) => drewOn));
    const first = droppedFiles.length > 0 ? { ...question, droppedFiles } : question;
    this.replace([...this.said.slice(0, -2), { role: "divider" }, first, answer]);
  }

  /**
   * @returns what brings it back, before what is said by then and after what was cleared earlier: to be called once. Undefined when
   * nothing was said.
   */
  clear(): (() => void) | undefined {
    this.endAnswer();
    const cleared = this.said;
    this.broughtBack = [];
    this.replace([]);
    if (cleared.length === 0) return undefined;
    const clearing = this.clearings++;
    return () => {
      const earlier = this.broughtBack.filter((one) => one.clearing < clearing);
      const at = earlier.reduce((sum, { count }) => sum + count, 0);
      this.broughtBack.push({ clearing, count: cleared.length });
      this.replace(this.said.toSpliced(at, 0, ...cleared));
    };
  }

  /** Ends the answer under way at once, and does not wait until whoever gives it has stopped. */
  private endAnswer(): void {
    this.stop();
    if (this.answer !== undefined) this.replaceLast(this.ended(STOPPED));
    this.answer = undefined;
  }

  private replace(said: readonly ChatEntry[]): void {
    this.said = said;
    this.save();
    this.options.listener.onEntries();
  }

  private replaceLast(entry: ChatEntry): void {
    this.said = this.said.with(-1, entry);
  }

  private get last(): AnswerEntry {
    return this.said.at(-1) as AnswerEntry;
  }

  private save(): void {
    this.saving.cancel();
    this.options.history.save(this.answer ? this.said.with(-1, this.ended(CUT_SHORT)) : this.said);
  }

  /**
   * The answer that is under way, as if it ended now.
   *
   * @param note when its end is not known yet
   */
  private ended(note: string): AnswerEntry {
    return { ...this.last, ...(this.answer?.end ?? { note }) };
  }

  private change(part: Partial<AnswerEntry>, answering: boolean): void {
    const entry = { ...this.last, ...part };
    this.replaceLast(entry);
    this.options.listener.onAnswer(entry, answering);
  }

  /** The places that an answer names, also one that was stopped, as far as they are there. */
  private async citationsIn(text: string): Promise<readonly ChatCitation[]> {
    if (text === "") return [];
    const checked = await this.options.engine.checkCitations(text);
    return checked.type === "success" ? checked.citations : [];
  }
}

function emptyAnswer(
  { address, isContinuation }: Omit<Answerer, "answer">,
  searched: ReadyAnswerer["searched"],
): AnswerEntry {
  const empty = { text: "", isContinuation, isGathered: false, sources: [], citations: [], refusals: [] };
  return { role: "model", ...empty, ...(searched && { searched }), ...(address !== undefined && { address }) };
}

/**
 * Questions with their answers, as far as the one who answers now may know them. A question without an answer is left out, and
 * so is an unfinished answer whose question was asked once more. A server is told only what it has answered itself: what was
 * asked on this machine, or of another server, is not for it. Nobody is told of an earlier topic. Where the places are the answer,
 * they are one also without a draft: the next question may refer back to theirs.
 */
function turnsOf(said: readonly ChatEntry[], { address, isContinuation }: Answerer, asked: string): ChatTurn[] {
  const topic = said.slice(said.findLastIndex(({ role }) => role === "divider") + 1);
  const dropped = topic.flatMap((entry) => (entry.role === "user" ? filesOf(entry) : []));
  return topic.flatMap((entry, index): ChatTurn[] => {
    const [question, next] = [topic[index - 1], topic[index + 1]];
    if (entry.role !== "model" || question?.role !== "user") return [];
    const hasPlaces = isContinuation && entry.isContinuation && entry.sources.length > 0;
    if (entry.text.trim() === "" && !hasPlaces) return [];
    if (address !== undefined && entry.address !== address) return [];
    const isAskedAgain = (next?.role === "user" ? next.text : asked) === question.text;
    if (entry.note !== undefined && isAskedAgain) return [];
    return [
      { role: "user", text: question.text },
      { role: "model", text: entry.text, drewOn: [...dropped, ...filesOf(entry)] },
    ];
  });
}
