// What a conversation needs of whoever answers: the engine's model, or one elsewhere.

import type { ChatCitation, ChatGrounds, ChatParams } from "../../protocol/engine";
import type { EngineClient } from "../engineClient";

export interface Answerer {
  /** Where the answers come from, when it is not the engine: questions of other answerers are not told there. */
  readonly origin?: string;
  /** Ends once, with what happened; it does not throw. An aborted signal ends it at once. */
  answer(asked: ChatParams, listener: AnswerListener, signal: AbortSignal): Promise<AnswerEnd>;
}

/** What comes of an answer before its end. */
export interface AnswerListener {
  /** What it draws on: once, before its first text. */
  onGrounds(grounds: Pick<ChatGrounds, "sources" | "refusals" | "earlierFiles">): void;
  onText(text: string): void;
}

export interface AnswerEnd {
  /** Such as name lines that are there. */
  readonly citations: readonly ChatCitation[];
  /** What went into the answer, in a few words. */
  readonly facts?: string;
  /** Why it ended early: a sentence. */
  readonly note?: string;
}

export const STOPPED = "Stopped.";

/** The places that an answer names, also one that was stopped, as far as they are there. */
export async function citationsIn(
  text: string,
  engine: Pick<EngineClient, "checkCitations">,
): Promise<readonly ChatCitation[]> {
  if (text === "") return [];
  const checked = await engine.checkCitations(text);
  return checked.type === "success" ? checked.citations : [];
}
