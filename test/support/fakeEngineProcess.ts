// An engine process that does what a test says: no child process, no model, no waiting. Messages are copied as on their way to
// another process, which some values cannot go: a function, or the proxies that VS Code makes of settings.

import type { EngineProcess } from "../../src/extension/engineProcess/engineProcess";
import {
  type CompleteParams,
  type CompleteResult,
  type ContextReport,
  type EngineMessage,
  type HostMessage,
  type ModelSummary,
  PROTOCOL_VERSION,
} from "../../src/protocol/engine";
import { applyEdits } from "../../src/text/edit";

export const fakeSummary: ModelSummary = {
  name: "fake",
  displayName: "Fake Model",
  instructionTuned: false,
  contextTokens: 100,
  loadMs: 1,
  residentBytes: 2,
};

export const emptyReport: ContextReport = { folders: [], residentBytes: 2 };

export class FakeEngineProcess implements EngineProcess {
  readonly pid = 4711;
  readonly received: HostMessage[] = [];
  /** The documents as this engine knows them: a mirror that a test can compare with the editor. */
  readonly documents = new Map<string, { version: number; text: string }>();
  isKilled = false;
  private messageListener: (message: EngineMessage) => void = () => {};
  private exitListener: (reason: string) => void = () => {};

  send(sent: HostMessage): void {
    const message = structuredClone(sent);
    this.received.push(message);
    if (message.type === "open") {
      this.documents.set(message.uri, { version: message.version, text: message.text });
    } else if (message.type === "change") {
      const { text } = this.documents.get(message.uri)!;
      this.documents.set(message.uri, { version: message.version, text: applyEdits(text, message.edits) });
    } else if (message.type === "close") {
      this.documents.delete(message.uri);
    }
  }

  onMessage(listener: (message: EngineMessage) => void): void {
    this.messageListener = listener;
  }

  onExit(listener: (reason: string) => void): void {
    this.exitListener = listener;
  }

  async kill(): Promise<void> {
    this.isKilled = true;
    this.exitListener("signal SIGTERM");
  }

  killAtOnce(): void {
    this.isKilled = true;
    this.exitListener("signal SIGKILL");
  }

  say(message: EngineMessage): void {
    this.messageListener(structuredClone(message));
  }

  /** The handshake, as a healthy engine does it. */
  getReady(): void {
    this.say({ type: "hello", protocolVersion: PROTOCOL_VERSION });
    this.say({ type: "ready", model: fakeSummary });
  }

  exit(reason: string): void {
    this.exitListener(reason);
  }

  /** The completion that was asked for last, if it was not cancelled. */
  get asked(): { id: number; params: CompleteParams } | undefined {
    return this.lastAsked(false);
  }

  /** And the one for the time after acceptance. */
  get askedAhead(): { id: number; params: CompleteParams } | undefined {
    return this.lastAsked(true);
  }

  /** How many completions were asked for that somebody waited for. */
  get requests(): number {
    return this.received.filter((message) => message.type === "complete" && !message.params.isSpeculative).length;
  }

  write(text: string, request = this.asked!): void {
    this.say({ type: "completeText", id: request.id, text });
  }

  answer(text: string, request = this.asked!, more: { readonly isCutShort?: true } = {}): void {
    this.say({ type: "result", of: "complete", id: request.id, result: { ...success(text), ...more } });
  }

  /** There is nothing to suggest. */
  answerNothing({ id } = this.asked!): void {
    this.say({ type: "result", of: "complete", id, result: { type: "empty", reason: "nothing worth showing" } });
  }

  private lastAsked(isSpeculative: boolean): { id: number; params: CompleteParams } | undefined {
    const last = this.received.findLast((message) => {
      return message.type === "complete" && (message.params.isSpeculative ?? false) === isSpeculative;
    }) as { id: number; params: CompleteParams } | undefined;
    const isCancelled = this.received.some((message) => message.type === "cancel" && message.id === last?.id);
    return isCancelled ? undefined : last;
  }

  receivedTypes(): string[] {
    return this.received.map(({ type }) => type);
  }
}

export function success(text: string): Extract<CompleteResult, { type: "success" }> {
  const timing = {
    reusedTokens: 0,
    replayedTokens: 0,
    generatedTokens: 1,
    recalledTokens: 0,
    draftedTokens: 0,
    queueMs: 0,
    promptMs: 0,
    prefillMs: 0,
    decodeMs: 0,
  };
  return { type: "success", text, timing };
}

/** What a supervisor launches, in order. */
export function fakeEngines() {
  const processes: FakeEngineProcess[] = [];
  const launch = () => {
    processes.push(new FakeEngineProcess());
    return processes.at(-1)!;
  };
  return { processes, launch };
}
