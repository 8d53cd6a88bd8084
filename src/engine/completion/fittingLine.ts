// Of several lines that are nearly as likely, the one that fits best above what stands below the cursor: behind which of them is
// that likeliest? A prompt may tell the model what stands below, but most of what it has learned is text that simply goes on. It
// takes one short run for each line.
//
// Of 271 single lines of held-out packages (other places than test/tasks/span.jsonl has), 7 more are exactly as expected, and none
// is lost (training/LOG.md, 28 November); the numbers below were chosen on these. Of the 176 there, 68 are instead of 64, and none is
// lost. It takes 2 runs of 18 tokens a line, in a third of the lines none.

import { Nesting } from "../../text/filters/nesting";
import { isBlank, lineAfter, lineBefore } from "../../text/lines";
import { logProbabilities } from "../decoding/logits";
import { forEachPrediction } from "../decoding/predictions";
import { commonPrefixLength } from "../decoding/sequence";
import type { LanguageModel } from "../model/languageModel";
import { type ModelAccess, TooLate } from "../modelAccess";
import type { LikelyLine } from "./likeliestLine";
import { readPrompt, type Task } from "./task";
import { offered } from "./write";

/** Lines that are compared, at most. */
const MOST_LINES = 5;
/** Tokens below the cursor's line that are looked at. */
const TOKENS_BELOW = 12;
/** More than that many tokens take. */
const LENGTH_BELOW = 400;
/** What they say counts so much, in nats, where what the line itself says counts 1: they are many, and most of them are no news. */
const WEIGHT = 1 / 4;

/** With the rest of the cursor's line, so many tokens are a run; a short run takes longer for each than a long one. */
const TOKENS_OF_RUN = 24;

/**
 * Whether two lines can be compared in that time.
 * @param tokenMs how long the model takes to read a token of a long run; undefined: not known
 */
export function hasTimeToCompare(ms: number, tokenMs = 0): boolean {
  return ms > 2 * TOKENS_OF_RUN * tokenMs;
}

/** A line of which something is left to offer. */
interface Candidate {
  readonly line: LikelyLine;
  /** The cursor's line as it would stand. */
  readonly whole: string;
}

/**
 * @param lines the likeliest first: the first of which anything is left to offer is the one where nothing stands below, and where
 *   there is no time to compare
 */
export async function fittingLine(
  lm: LanguageModel,
  task: Task,
  lines: readonly LikelyLine[],
  access: ModelAccess,
): Promise<LikelyLine> {
  const { prefix, suffix } = task.context;
  const candidates: Candidate[] = [];
  for (const line of lines) {
    const text = offered(line.written, task.context);
    const whole = lineBefore(prefix) + text + lineAfter(suffix);
    if (text !== "" && candidates.every((other) => other.whole !== whole)) candidates.push({ line, whole });
  }
  const [likeliest] = candidates;
  if (likeliest === undefined) return lines[0]!;
  const below = belowOf(suffix);
  if (isBlank(below)) return likeliest.line;
  // What the likeliest opens may get lines of its own, before what stands below.
  const mustOpen = opensSomething(likeliest.whole);
  const compared = candidates.filter(({ whole }) => !mustOpen || opensSomething(whole)).slice(0, MOST_LINES);
  const tokensBelow = (await lm.tokenizer.encode(below)).slice(0, TOKENS_BELOW);
  let best = likeliest.line;
  let highest = -Infinity;
  try {
    for (const { line, whole } of compared.length > 1 ? compared : []) {
      // What stands below cannot make up for it, however likely it is.
      if (line.logShare <= highest) break;
      const shareBelow = await logShareBelow(lm, task, whole, tokensBelow, access);
      if (shareBelow === undefined) break;
      const together = line.logShare + WEIGHT * shareBelow;
      if (together > highest) [best, highest] = [line, together];
    }
  } catch (error) {
    if (!(error instanceof TooLate)) throw error;
  }
  return best;
}

/** ln p of `tokensBelow` behind the cursor's line as it would stand; undefined where the prompt's tokens do not begin it. */
async function logShareBelow(
  { model, tokenizer }: LanguageModel,
  task: Task,
  line: string,
  tokensBelow: readonly number[],
  access: ModelAccess,
): Promise<number | undefined> {
  const { tokens, landmarks } = task.prompt;
  const begun = tokens.slice(landmarks.at(-1));
  const whole = await tokenizer.encode(line);
  const rest = whole.slice(begun.length);
  if (rest.length === 0 || commonPrefixLength(whole, begun) < begun.length) return undefined;
  const { state } = await readPrompt(task, access);
  const text = [...rest, ...tokensBelow];
  let share = 0;
  await forEachPrediction(model, state, text, rest.length, text.length, access, (logits, token) => {
    share += logProbabilities(logits).of(token);
  });
  return share;
}

/** The text below the cursor's line, from that line's end on. */
function belowOf(suffix: string): string {
  const end = suffix.indexOf("\n");
  return end === -1 ? "" : suffix.slice(end, end + LENGTH_BELOW);
}

/** Whether a line leaves a bracket open, or ends with a colon as the head of a block does. */
function opensSomething(line: string): boolean {
  return line.trimEnd().endsWith(":") || Nesting.of(line).hasBracketFrom(0);
}
