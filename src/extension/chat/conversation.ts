// The chat's turns: asks, streams, remembers.
//
// Knows neither who answers nor the page's element tree: it is given a way to ask and a way to tell.

import type { ChatCitation, ChatParams, ChatTurn } from "../../protocol/engine";
import type { AnswerEntry, ChatAvailability, ChatChips, ChatEntry, ToPage } from "../../protocol/webview";
import type { Clock } from "../clock";
import type { EngineClient } from "../engineClient";
import { Throttle } from "../throttle";
import { type AnswerEnd, type Answerer, type AnswerListener, STOPPED } from "./answerer";
import type { Attachments } from "./attachments";
import type { ChatHistory } from "./history";

/** About 600 words; Stop is there for the rest. */
const MAX_ANSWER_TOKENS = 800;
/** Of a draft below the places that are the answer. */
const MAX_CONTINUATION_TOKENS = 200;
/** Between two moments at which an answer is kept while it comes: no more of it is lost with the window. */
const SAVE_INTERVAL_MS = 3_000;
/** What is kept with such an answer, as long as its end is not known. */
const CUT_SHORT = "The window was closed before its end.";

export interface ConversationOptions {
  /** Who answers the next question. */
  readonly answerer: () => Answerer;
  readonly engine: Pick<EngineClient, "checkCitations">;
  readonly history: ChatHistory;
  readonly attachments: Attachments;
  readonly availability: () => ChatAvailability;
  /** Why no repository can be drawn on; undefined when it can. */
  readonly repositoryRefusal: () => string | undefined;
  /** The document that the user looks at. */
  readonly near: () => string | undefined;
  readonly tell: (message: ToPage) => void;
  readonly clock: Clock;
}

interface AnswerUnderWay {
  readonly controller: AbortController;
  /** Known while the places that it names are checked. */
  end?: AnswerEnd;
}

/** What was cleared keeps its place, so that it comes back there. */
interface Said {
  readonly entry: ChatEntry;
  /** Which clearing took it away, if one did. */
  readonly clearing?: number;
}

export class Conversation {
  private said: readonly Said[];
  private answer: AnswerUnderWay | undefined;
  private clearings = 0;
  private readonly saving: Throttle;

  constructor(private readonly options: ConversationOptions) {
    this.said = options.history.load().map((entry) => ({ entry }));
    this.saving = new Throttle(options.clock, SAVE_INTERVAL_MS, () => this.save());
  }

  get isAnswering(): boolean {
    return this.answer !== undefined;
  }

  /** Everything that the page shows. */
  tellState(): void {
    const { availability, tell } = this.options;
    const answering = this.isAnswering;
    tell({ type: "state", availability: availability(), entries: this.entries, answering, chips: this.chips });
  }

  /** Adds a question and streams its answer. Does nothing while an answer is under way. */
  async ask(text: string): Promise<void> {
    if (this.answer || text.trim() === "") return;
    const { attachments, near } = this.options;
    const answerer = this.options.answerer();
    const answer: AnswerUnderWay = { controller: new AbortController() };
    this.answer = answer;
    const question = {
      role: "user",
      text: text.trim(),
      attached: attachments.chips.map(({ label }) => label),
    } as const;
    const emptyAnswer = this.emptyAnswer(answerer);
    const uri = near();
    const params: ChatParams = {
      turns: [...turnsOf(this.entries, answerer, question.text), { role: "user", text: question.text }],
      maxTokens: emptyAnswer.isContinuation ? MAX_CONTINUATION_TOKENS : MAX_ANSWER_TOKENS,
      useRepository: this.chips.repository.isOn,
      attachments: attachments.all,
      ...(uri === undefined ? {} : { near: uri }),
    };
    this.said = [...this.said, { entry: question }, { entry: emptyAnswer }];
    this.save();
    this.tellState();

    const listener: AnswerListener = {
      onGrounds: ({ sources, refusals, earlierFiles }) => this.change({ sources, refusals, earlierFiles }, true),
      onText: (piece) => {
        this.replaceLast({ ...this.last, text: this.last.text + piece });
        this.options.tell({ type: "text", text: piece });
        this.saving.request();
      },
    };
    const end = await answerer.answer(params, listener, answer.controller.signal);
    answer.end = end;
    // A cleared conversation has forgotten this answer.
    const isForgotten = (): boolean => this.answer !== answer;
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

  /** @returns what brings back all that was said, in its place among what is said by then; undefined when nothing was */
  clear(): (() => void) | undefined {
    this.stop();
    if (this.answer !== undefined) this.replaceLast(this.ended(STOPPED));
    this.answer = undefined;
    const clearing = this.clearings++;
    const isEmpty = this.entries.length === 0;
    this.replace(this.said.map((one) => ({ clearing, ...one })));
    if (isEmpty) return undefined;
    return () => this.replace(this.said.map((one) => (one.clearing === clearing ? { entry: one.entry } : one)));
  }

  private replace(said: readonly Said[]): void {
    this.said = said;
    this.save();
    this.tellState();
  }

  private replaceLast(entry: ChatEntry): void {
    this.said = this.said.with(-1, { entry });
  }

  private get entries(): readonly ChatEntry[] {
    return this.said.flatMap(({ entry, clearing }) => (clearing === undefined ? [entry] : []));
  }

  private get chips(): ChatChips {
    const refusal = this.options.repositoryRefusal();
    const isOn = this.options.attachments.useRepository && refusal === undefined;
    return { repository: { isOn, ...(refusal && { refusal }) }, attachments: this.options.attachments.chips };
  }

  private get last(): AnswerEntry {
    return this.said.at(-1)?.entry as AnswerEntry;
  }

  private save(): void {
    this.saving.dispose();
    const { entries } = this;
    this.options.history.save(this.answer === undefined ? entries : entries.with(-1, this.ended(CUT_SHORT)));
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
    this.options.tell({ type: "answer", entry, answering });
  }

  /** The places that an answer names, also one that was stopped, as far as they are there. */
  private async citationsIn(text: string): Promise<readonly ChatCitation[]> {
    if (text === "") return [];
    const checked = await this.options.engine.checkCitations(text);
    return checked.type === "success" ? checked.citations : [];
  }

  private emptyAnswer({ origin }: Answerer): AnswerEntry {
    const availability = this.options.availability();
    const isContinuation = availability.type === "ready" && !availability.instructionTuned;
    const empty = { text: "", isContinuation, sources: [], citations: [], refusals: [] };
    return { role: "model", ...empty, ...(origin === undefined ? {} : { origin }) };
  }
}

/**
 * Questions with their answers; a question that was never answered says nothing, nor does what there was of an answer that
 * was asked for once more. Somebody elsewhere is told only what he has
 * answered himself: what was asked on this machine, or of others, is not for him.
 */
function turnsOf(entries: readonly ChatEntry[], { origin }: Answerer, asked: string): ChatTurn[] {
  return entries.flatMap((entry, index): ChatTurn[] => {
    const question = entries[index - 1];
    if (entry.role !== "model" || entry.text.trim() === "" || question?.role !== "user") return [];
    if (origin !== undefined && entry.origin !== origin) return [];
    const isAskedAgain = (entries[index + 1]?.text ?? asked) === question.text;
    if (entry.note !== undefined && isAskedAgain) return [];
    const used = entry.sources.filter(({ tokens }) => tokens > 0);
    const own = used.flatMap(({ folder, path }) => (folder === undefined ? [] : [{ folder, path }]));
    return [
      { role: "user", text: question.text },
      { role: "model", text: entry.text, drewOn: [...own, ...(entry.earlierFiles ?? [])] },
    ];
  });
}
