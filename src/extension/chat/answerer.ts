// What a conversation needs of whoever answers: the engine's model, or one elsewhere.

import type { ChatFindings, ChatParams } from "../../protocol/engine";

export interface Answerer {
  /** Where the answers come from, when it is not the engine: questions of other answerers are not told there. */
  readonly address?: string;
  /** Whether the model only continues text: then the places come first, and what it writes is a draft. */
  readonly isContinuation: boolean;
  /** Ends once, with what happened; it does not throw. An aborted signal ends it at once. */
  answer(asked: ChatParams, listener: AnswerListener, signal: AbortSignal): Promise<AnswerEnd>;
}

/** What comes of an answer before its end. */
export interface AnswerListener {
  /** What it draws on: once, before its first text. */
  onFindings(findings: ChatFindings): void;
  onText(text: string): void;
}

export interface AnswerEnd {
  /** What went into the answer, in a few words. */
  readonly facts?: string;
  /** Why it ended early: a sentence. */
  readonly note?: string;
}

export const STOPPED = "Stopped.";
