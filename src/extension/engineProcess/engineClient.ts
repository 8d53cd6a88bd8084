// Requests to the engine: numbers on the wire, promises and streams here.
//
// Every request ends once, with a value that says how: answered, cancelled, or failed because the engine has gone.

import type { AskedCompletion } from "../../ghostText/generation";
import type {
  ChatContext,
  ChatFindings,
  ChatParams,
  ChatQuestion,
  CompleteParams,
  DocumentPlace,
  HostMessage,
  RequestMessage,
  Requests,
  RequestType,
  ResultOf,
} from "../../protocol/engine";
import { Emitter } from "../emitter";
import { withNextStep } from "../modelFaults";
import type { EngineNews } from "./engineSupervisor";

/** What is needed of EngineSupervisor to talk to the engine. */
export interface EngineLink {
  readonly onMessage: Emitter<EngineNews>;
  readonly onGone: Emitter<string>;
  send(message: HostMessage): boolean;
}

/** What comes of an answer before its end. */
export interface ChatListener {
  /** What the answer draws on: once, as soon as it is gathered. */
  onFindings(findings: ChatFindings): void;
  /** What it begins from: once, before its first text. */
  onContext(context: ChatContext): void;
  onText(text: string): void;
}

interface PendingRequest {
  /** The model works on it, and somebody waits for that: it keeps the engine busy. */
  isWork: boolean;
  readonly listener: Partial<ChatListener>;
  settle(result: ResultOf<RequestType>): void;
}

interface RequestOptions {
  /** Its number on the wire, for who speaks of it again. */
  readonly id?: number;
  readonly signal?: AbortSignal | undefined;
  readonly isWork?: boolean;
  readonly listener?: Partial<ChatListener>;
}

export class EngineClient {
  /** True while the model works on at least one request. */
  readonly onBusy = new Emitter<boolean>();

  /** Something was asked, by whomever. */
  readonly onAsked = new Emitter<void>();

  private readonly pending = new Map<number, PendingRequest>();
  private lastId = 0;

  constructor(private readonly link: EngineLink) {
    link.onMessage.on((message) => this.receive(message));
    link.onGone.on((reason) => this.failAll(reason));
  }

  /** Whether anything is still to be answered. */
  get isWaiting(): boolean {
    return this.pending.size > 0;
  }

  get isBusy(): boolean {
    return this.countWork() > 0;
  }

  /** `onText` gets what is written, before the filters, piece by piece, and nothing after there is a result. */
  complete(params: CompleteParams, signal: AbortSignal, onText: (text: string) => void): AskedCompletion {
    const id = ++this.lastId;
    const isWork = params.isSpeculative !== true;
    const result = this.ask("complete", { params }, { id, signal, isWork, listener: { onText } });
    return { result, hurry: (answerBy) => this.hurry(id, answerBy) };
  }

  /** What could stand there besides what `complete` gives, as far as it is written within so many milliseconds. */
  alternatives(params: CompleteParams, withinMs: number, signal: AbortSignal): Promise<ResultOf<"alternatives">> {
    return this.ask("alternatives", { params, withinMs }, { signal, isWork: true });
  }

  /** `listener` gets the answer piece by piece, and nothing after the promise has settled. */
  chat(params: ChatParams, listener: ChatListener, signal: AbortSignal): Promise<ResultOf<"chat">> {
    return this.ask("chat", { params }, { signal, isWork: true, listener });
  }

  /** A question with all that it draws on, for a model elsewhere. */
  chatMessages(question: ChatQuestion, signal: AbortSignal): Promise<ResultOf<"chatMessages">> {
    return this.ask("chatMessages", { question }, { signal });
  }

  /** The places that an answer names, as far as they are there. */
  checkCitations(answer: string): Promise<ResultOf<"checkCitations">> {
    return this.ask("checkCitations", { answer });
  }

  /** Files that may be read and whose path fits `query`, best first. */
  findFiles(query: string, limit: number): Promise<ResultOf<"findFiles">> {
    return this.ask("findFiles", { query, limit });
  }

  /** The lines of a text's definitions. The text goes no farther than the engine, which keeps nothing of it. */
  findDefinitions(
    path: string,
    languageId: string,
    text: string,
    signal: AbortSignal,
  ): Promise<ResultOf<"findDefinitions">> {
    return this.ask("findDefinitions", { path, languageId, text }, { signal });
  }

  /** How many tokens of the model the text is. */
  countTokens(text: string): Promise<ResultOf<"countTokens">> {
    return this.ask("countTokens", { text });
  }

  /** What the model saw. */
  report(signal?: AbortSignal): Promise<ResultOf<"report">> {
    return this.ask("report", {}, { signal });
  }

  /** @param folders absolute paths; undefined: all that is saved */
  clearStates(folders?: readonly string[]): Promise<ResultOf<"clearStates">> {
    return this.ask("clearStates", folders ? { folders } : {});
  }

  /** `folder` and `file` are absolute paths. */
  importState(folder: string, file: string): Promise<ResultOf<"importState">> {
    return this.ask("importState", { folder, file });
  }

  /** Tells where the user will probably ask next, so that the engine can read ahead. */
  prepare({ uri, version, offset }: DocumentPlace): void {
    this.link.send({ type: "prepare", uri, version, offset });
  }

  private ask<Type extends RequestType>(
    type: Type,
    asked: Requests[Type]["asked"],
    { id = ++this.lastId, signal, isWork = false, listener = {} }: RequestOptions = {},
  ): Promise<ResultOf<Type>> {
    return new Promise<ResultOf<Type>>((resolve) => {
      if (signal?.aborted) return resolve({ type: "cancelled", reason: "cancelled before it was asked" });
      const request = { type, id, ...asked } as RequestMessage;
      if (!this.link.send(request)) return resolve({ type: "failed", message: "The engine is not ready." });

      const cancel = (): void => {
        // The engine may take a moment to notice; the caller need not wait for that.
        this.link.send({ type: "cancel", id });
        this.settle(id, { type: "cancelled", reason: "cancelled by the caller" });
      };
      signal?.addEventListener("abort", cancel, { once: true });
      this.pending.set(id, {
        isWork,
        listener,
        settle(result) {
          signal?.removeEventListener("abort", cancel);
          // A result has its request's id, and so its type.
          resolve(result as ResultOf<Type>);
        },
      });
      if (isWork) this.workBegan();
      this.onAsked.fire();
    });
  }

  private hurry(id: number, answerBy: number | undefined): void {
    const request = this.pending.get(id);
    if (!request) return;
    this.link.send({ type: "hurry", id, ...(answerBy !== undefined && { answerBy }) });
    if (request.isWork) return;
    request.isWork = true;
    this.workBegan();
  }

  private receive(message: EngineNews): void {
    // Answers to requests that were cancelled here find nobody, on purpose.
    switch (message.type) {
      case "result":
        this.settle(message.id, withWhatToDo(message.result));
        break;
      case "chatFindings":
        this.pending.get(message.id)?.listener.onFindings?.(message.findings);
        break;
      case "chatContext":
        this.pending.get(message.id)?.listener.onContext?.(message.context);
        break;
      case "completeText":
      case "chatText":
        this.pending.get(message.id)?.listener.onText?.(message.text);
        break;
      // What answers no request is for others.
      case "reading":
      case "pong":
        break;
      default:
        message satisfies never;
    }
  }

  private settle(id: number, result: ResultOf<RequestType>): void {
    const request = this.pending.get(id);
    if (!request) return;
    this.pending.delete(id);
    request.settle(result);
    if (request.isWork && this.countWork() === 0) this.onBusy.fire(false);
  }

  private workBegan(): void {
    if (this.countWork() === 1) this.onBusy.fire(true);
  }

  private countWork(): number {
    return [...this.pending.values()].filter(({ isWork }) => isWork).length;
  }

  private failAll(message: string): void {
    for (const id of [...this.pending.keys()]) this.settle(id, { type: "failed", message });
  }
}

function withWhatToDo(result: ResultOf<RequestType>): ResultOf<RequestType> {
  return result.type === "failed" ? { type: "failed", message: withNextStep(result) } : result;
}
