// What a completion is written for: the place in the text, what the repository offers there, and the prompt that comes of both.

import type { FilterContext } from "../../text/filters";
import type { Advance, Sequence } from "../decoding/sequence";
import type { ExactMemory } from "../exactMemory/exactMemory";
import type { LanguageModel } from "../model/languageModel";
import type { ModelAccess } from "../modelAccess";
import type { DocumentOffer } from "../repository/offer";
import type { LiveText } from "./liveText";
import type { PromptFrame } from "./promptFrame";
import { type HealedPrompt, heal } from "./tokenHealing";

/** What a request is about: taken when it comes, because edits that arrive while it waits belong to later requests. */
export interface Question {
  readonly live: LiveText;
  /** What the document says out of the prompt's sight, as far as it was remembered. */
  readonly far: ExactMemory | undefined;
  readonly context: FilterContext;
  /** Indents what is written as the editor does, where the text around says nothing of that. */
  readonly indented: (text: string) => string;
}

/** A prompt, and what reads it: mostly it has read nearly all of it before. */
export interface Reading {
  readonly prompt: Prompt;
  readonly sequence: Sequence;
  /** Whether the prompt has the lines around the cursor alone: see BriefPrompt. */
  readonly isBrief: boolean;
}

export interface Task extends Question, Reading {
  /** What the repository offered when the job's turn came. */
  readonly repository: DocumentOffer | undefined;
}

/** Its tokens come after the frame's base. */
export interface Prompt extends HealedPrompt {
  readonly frame: PromptFrame;
  readonly landmarks: readonly number[];
}

/** The prompt of a frame and the live text before the cursor. */
export async function promptOf({ tokenizer }: LanguageModel, frame: PromptFrame, prefix: string): Promise<Prompt> {
  const lineStart = prefix.lastIndexOf("\n") + 1;
  const before = [...frame.tokens, ...(await tokenizer.encode(prefix.slice(0, lineStart)))];
  const line = heal(await tokenizer.encode(prefix.slice(lineStart)), tokenizer.vocabulary);
  const landmarks = [frame.tokens.length, before.length];
  return { frame, landmarks, ...line, tokens: [...before, ...line.tokens] };
}

/** How many of the prompt's tokens would have to be run. */
export function unread({ sequence, prompt: { frame, tokens } }: Reading): number {
  return sequence.unread(tokens, frame.base.state);
}

/** Reads a prompt, as far as its sequence has not read it already. */
export function readPrompt(
  { sequence, prompt: { frame, tokens, landmarks } }: Reading,
  access: ModelAccess,
): Promise<Advance> {
  return sequence.advance(tokens, landmarks, access, frame.base.state);
}

/** Whether both come after the same state. */
export function hasSameBase(one: Prompt, other: Prompt): boolean {
  return one.frame.base.state === other.frame.base.state;
}
