// Should a completion be asked for at all, and how much of one?
//
// Plain values in, an answer with a reason out; nothing here knows VS Code or the engine.

import type { CompleteParams, Extent } from "../protocol/engine";
import { isBlank } from "../text/lines";
import { opensBlock } from "./blockHead";

export interface GateQuestion {
  readonly trigger: CompleteParams["trigger"];
  /** The user wants completions by themselves, or only when asked for. */
  readonly mode: "automatic" | "manual";
  /** Whether completions are on for the document: for its language, and where it lies. */
  readonly isEnabled: boolean;
  readonly hasSelection: boolean;
  /** The cursor's line before and after the cursor, as it will be once a chosen suggestion is accepted. */
  readonly lineBefore: string;
  readonly lineAfter: string;
}

export type GateAnswer = Asking | { readonly type: "skip"; readonly reason: string };

export interface Asking {
  readonly type: "ask";
  readonly extent: Extent;
}

/**
 * A line, a block, and what somebody waits for who asked. At 10 to 20 ms a token: 0.3 to 0.6, 0.7 to 1.4, 1.4 to 2.9 seconds at most.
 * A block ends sooner where it closes (text/filters/stopAtBlockEnd.ts), or takes too long (PATIENCE in engine/completion/patience.ts).
 */
export const MAX_TOKENS = { line: 32, block: 72, invoke: 144 };

/** Closes a tag, a comment or a template, or goes on behind parameters: what stands before it stays on its line. */
const END_IN_LINE = /<\/[\w.:-]*>|\/>|\*\/|-->|-?[%?]>|-?%\}|=>/;
/**
 * Brackets, quotes, punctuation and the like that may follow the cursor where something is still to be written; no blanks at
 * the end.
 */
const OPEN_END = new RegExp(String.raw`^(?:[\s)\]}>"'\x60;:,]|${END_IN_LINE.source})*\{?$`);
const STARTS_WITH_WORD = /^[\p{L}\p{N}_$]/u;

export function askGate(question: GateQuestion): GateAnswer {
  const { trigger, lineBefore, lineAfter } = question;
  const isOpenEnded = OPEN_END.test(lineAfter.trimEnd());
  const hasRoom = isOpenEnded && !END_IN_LINE.test(lineAfter);
  if (!question.isEnabled) return skip("completions are off for this document");
  if (question.hasSelection) return skip("text is selected");
  if (trigger === "automatic") {
    if (question.mode === "manual") return skip("completions are given only when asked for");
    if (STARTS_WITH_WORD.test(lineAfter)) return skip("the cursor is inside a word");
    if (!isOpenEnded) return skip("text follows the cursor");
  }
  if (trigger === "invoke") return { type: "ask", extent: { multiline: hasRoom, maxTokens: MAX_TOKENS.invoke } };
  const multiline = hasRoom && (isBlank(lineBefore) || opensBlock(lineBefore, isBlank(lineAfter)));
  return { type: "ask", extent: lineOrBlock(multiline) };
}

/** How much nobody has asked for, and how much of what else could stand there. */
export function lineOrBlock(multiline: boolean): Extent {
  return { multiline, maxTokens: multiline ? MAX_TOKENS.block : MAX_TOKENS.line };
}

function skip(reason: string): GateAnswer {
  return { type: "skip", reason };
}
