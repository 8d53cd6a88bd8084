// Requests to the engine: numbers on the wire, promises and streams here.
//
// Every request ends once, with a value that says how: answered, cancelled, or failed because the engine has gone.

import type {
  AlternativesResult,
  ChatCitation,
  ChatContext,
  ChatMessagesResult,
  ChatParams,
  ChatQuestion,
  ChatResult,
  ClearStatesResult,
  CompleteParams,
  CompleteResult,
  ContextReport,
  DefinedLines,
  EngineMessage,
  FoundFile,
  HostMessage,
  ImportStateResult,
} from "../protocol/engine";
import { Emitter } from "./emitter";

/** What the client needs of EngineSupervisor. */
export interface EngineLink {
  readonly onMessage: Emitter<EngineMessage>;
  readonly onGone: Emitter<string>;
  send(message: HostMessage): boolean;
}

/** The ways in which any request can end without the engine's answer. */
type Unanswered =
  | { readonly type: "cancelled"; readonly reason: string }
  | { readonly type: "failed"; readonly message: string };

export type ReportResult = { readonly type: "success"; readonly report: ContextReport } | Unanswered;

export type FilesResult = { readonly type: "success"; readonly files: readonly FoundFile[] } | Unanswered;

export type CountResult = { readonly type: "success"; readonly count: number } | Unanswered;

export type CitationsResult = { readonly type: "success"; readonly citations: readonly ChatCitation[] } | Unanswered;

export type DefinitionsResult =
  | { readonly type: "success"; readonly definitions: readonly DefinedLines[] }
  | Unanswered;

/** What comes of an answer before its end. */
export interface ChatListener {
  /** What the answer draws on: once, before its first text. */
  onContext(context: ChatContext): void;
  onText(text: string): void;
}

type RequestResult =
  | AlternativesResult
  | FilesResult
  | CountResult
  | CitationsResult
  | DefinitionsResult
  | CompleteResult
  | ChatResult
  | ChatMessagesResult
  | ClearStatesResult
  | ImportStateResult
  | ReportResult;

interface PendingRequest {
  /** The model works on it: it keeps the engine busy. */
  readonly isWork: boolean;
  settle(result: RequestResult): void;
  readonly onText?: (text: string) => void;
  readonly onContext?: (context: ChatContext) => void;
}

interface RequestOptions {
  readonly signal?: AbortSignal;
  readonly isWork?: boolean;
  readonly onText?: (text: string) => void;
  readonly onContext?: (context: ChatContext) => void;
}

export class EngineClient {
  /** True while the model works on at least one request. */
  readonly onBusy = new Emitter<boolean>();

  private readonly pending = new Map<number, PendingRequest>();
  private lastId = 0;

  constructor(private readonly link: EngineLink) {
    link.onMessage.on((message) => this.receive(message));
    link.onGone.on((reason) => this.failAll(reason));
  }

  get isBusy(): boolean {
    return this.countWork() > 0;
  }

  /** `onText` gets what is written, before the filters, piece by piece, and nothing after the promise has settled. */
  complete(params: CompleteParams, signal: AbortSignal, onText?: (text: string) => void): Promise<CompleteResult> {
    const isWork = params.isSpeculative !== true;
    return this.request((id) => ({ type: "complete", id, params }), { signal, isWork, ...(onText && { onText }) });
  }

  /** What could stand there besides what `complete` gives, as far as it is written within so many milliseconds. */
  alternatives(params: CompleteParams, withinMs: number, signal: AbortSignal): Promise<AlternativesResult> {
    return this.request((id) => ({ type: "alternatives", id, params, withinMs }), { signal, isWork: true });
  }

  /** `listener` gets the answer piece by piece, and nothing after the promise has settled. */
  chat(params: ChatParams, listener: ChatListener, signal: AbortSignal): Promise<ChatResult> {
    return this.request((id) => ({ type: "chat", id, params }), { signal, isWork: true, ...callbacksOf(listener) });
  }

  /** A question with all that it draws on, for a model elsewhere. */
  chatMessages(question: ChatQuestion, signal: AbortSignal): Promise<ChatMessagesResult | Unanswered> {
    return this.request((id) => ({ type: "chatMessages", id, question }), { signal });
  }

  /** The places that an answer names, as far as they are there. */
  checkCitations(answer: string): Promise<CitationsResult> {
    return this.request((id) => ({ type: "checkCitations", id, answer }));
  }

  /** Files that may be read and whose path fits `query`, best first. */
  findFiles(query: string, limit: number): Promise<FilesResult> {
    return this.request((id) => ({ type: "findFiles", id, query, limit }));
  }

  /** The lines of a text's definitions. The text goes no farther than the engine, which keeps nothing of it. */
  findDefinitions(path: string, languageId: string, text: string, signal: AbortSignal): Promise<DefinitionsResult> {
    return this.request((id) => ({ type: "findDefinitions", id, path, languageId, text }), { signal });
  }

  /** How many tokens of the model the text is. */
  countTokens(text: string): Promise<CountResult> {
    return this.request((id) => ({ type: "countTokens", id, text }));
  }

  /** What the model saw. */
  report(signal?: AbortSignal): Promise<ReportResult> {
    return this.request((id) => ({ type: "report", id }), signal ? { signal } : {});
  }

  clearStates(): Promise<ClearStatesResult | Unanswered> {
    return this.request((id) => ({ type: "clearStates", id }));
  }

  /** `folder` and `file` are absolute paths. */
  importState(folder: string, file: string): Promise<ImportStateResult | Unanswered> {
    return this.request((id) => ({ type: "importState", id, folder, file }));
  }

  /** Tells where the user will probably ask next, so that the engine can read ahead. */
  prepare(uri: string, version: number, offset: number): void {
    this.link.send({ type: "prepare", uri, version, offset });
  }

  private request<Result extends RequestResult>(
    message: (id: number) => HostMessage,
    { signal, isWork = false, onText, onContext }: RequestOptions = {},
  ): Promise<Result> {
    return new Promise((resolve) => {
      const end = (result: Result | Unanswered): void => resolve(result as Result);
      if (signal?.aborted) return end({ type: "cancelled", reason: "cancelled before it was asked" });
      const id = ++this.lastId;
      if (!this.link.send(message(id))) return end({ type: "failed", message: "The engine is not ready." });

      const cancel = (): void => {
        // The engine may take a moment to notice; the caller need not wait for that.
        this.link.send({ type: "cancel", id });
        this.settle(id, { type: "cancelled", reason: "cancelled by the caller" });
      };
      signal?.addEventListener("abort", cancel, { once: true });
      this.pending.set(id, {
        isWork,
        settle(result) {
          signal?.removeEventListener("abort", cancel);
          end(result as Result);
        },
        ...(onText && { onText }),
        ...(onContext && { onContext }),
      });
      if (isWork && this.countWork() === 1) this.onBusy.fire(true);
    });
  }

  private receive(message: EngineMessage): void {
    // Answers to requests that were cancelled here find nobody, on purpose.
    switch (message.type) {
      case "completeResult":
      case "alternativesResult":
      case "chatResult":
      case "chatMessagesResult":
      case "clearStatesResult":
      case "importStateResult":
        this.settle(message.id, message.result);
        break;
      case "reportResult":
        this.settle(message.id, { type: "success", report: message.report });
        break;
      case "findFilesResult":
        this.settle(message.id, { type: "success", files: message.files });
        break;
      case "findDefinitionsResult":
        this.settle(message.id, { type: "success", definitions: message.definitions });
        break;
      case "checkCitationsResult":
        this.settle(message.id, { type: "success", citations: message.citations });
        break;
      case "countTokensResult":
        this.settle(message.id, { type: "success", count: message.count });
        break;
      case "chatContext":
        this.pending.get(message.id)?.onContext?.(message.context);
        break;
      case "completeText":
      case "chatText":
        this.pending.get(message.id)?.onText?.(message.text);
        break;
    }
  }

  private settle(id: number, result: RequestResult): void {
    const request = this.pending.get(id);
    if (!request) return;
    this.pending.delete(id);
    request.settle(result);
    if (request.isWork && this.countWork() === 0) this.onBusy.fire(false);
  }

  private countWork(): number {
    return [...this.pending.values()].filter(({ isWork }) => isWork).length;
  }

  private failAll(message: string): void {
    for (const id of [...this.pending.keys()]) this.settle(id, { type: "failed", message });
  }
}

function callbacksOf(listener: ChatListener): Pick<RequestOptions, "onText" | "onContext"> {
  return { onText: (text) => listener.onText(text), onContext: (context) => listener.onContext(context) };
}
