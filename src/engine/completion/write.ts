// Writes what comes after a task's prompt: first what was cut off its end, then on to where the text has a sensible end.

import type { CompletionTiming, FinishReason } from "../../protocol/engine";
import { stopOffset } from "../../text/filters";
import { type Begun, generate } from "../decoding/generate";
import type { Advance, Sequence } from "../decoding/sequence";
import { MOST_DRAFTED } from "../exactMemory/drafting";
import { Recall } from "../exactMemory/recall";
import { controlTokens, type LanguageModel } from "../model/languageModel";
import type { TokenId } from "../model/model";
import type { ModelAccess } from "../modelAccess";
import { type FirstLine, LEAST_SURE, type LineEnds } from "./firstLine";
import { type Prompt, readPrompt, type Task } from "./task";
import { Regrowth, regrow, runCut } from "./tokenHealing";

/** How somebody asks for a text. */
export interface Asked {
  readonly maxTokens: number;
  /** Nobody has asked yet: then writing ends as soon as the first line is not sure enough. */
  readonly isUnasked: boolean;
}

export interface Writing extends Asked {
  /** To begin with tokens that are not chosen, or with the likeliest way to write again what was cut off the prompt's end. */
  readonly start: { readonly type: "given"; readonly tokens: readonly TokenId[] } | { readonly type: "regrow" };
  /** Gets the choices of the first line. Absent: nobody wants to know how it was chosen. */
  readonly firstLine?: FirstLine;
  /** ln p of the first line below which it is given up. */
  readonly least?: number;
  readonly onText?: (text: string) => void;
}

interface Generated {
  readonly text: string;
  readonly tokens: readonly TokenId[];
  readonly finish: FinishReason;
  /** Also where nobody wants to know. */
  readonly isSure: boolean;
}

export interface Written extends Generated {
  readonly cost: Cost;
}

type Cost = Omit<CompletionTiming, "queueMs" | "promptMs">;

/** Reads the prompt, as far as `sequence` has not read it already, and writes what comes after it. */
export async function write(
  lm: LanguageModel,
  sequence: Sequence,
  task: Task,
  writing: Writing,
  access: ModelAccess,
): Promise<Written> {
  const began = performance.now();
  const advance = await readPrompt(sequence, task.prompt, access);
  const prefilled = performance.now();
  const opening = await open(lm, advance, task, writing, access);
  const generated = await goOn(lm, sequence, opening, task, writing, access);
  const { recalled, drafted } = opening.recall.counts;
  const cost = {
    reusedTokens: advance.reused,
    replayedTokens: advance.replayed,
    generatedTokens: generated.tokens.length,
    recalledTokens: recalled,
    draftedTokens: drafted,
    prefillMs: prefilled - began,
    decodeMs: performance.now() - prefilled,
  };
  return { ...generated, cost };
}

/** What a text costs that was written before. */
export function costOfKnown({ tokens }: Prompt): Cost {
  return {
    reusedTokens: tokens.length,
    replayedTokens: 0,
    generatedTokens: 0,
    recalledTokens: 0,
    draftedTokens: 0,
    prefillMs: 0,
    decodeMs: 0,
  };
}

/** What ends a line. After a control token comes another file, or another's words. */
export function lineEnds(lm: LanguageModel): LineEnds {
  return { stop: controlTokens(lm), newline: lm.tokenizer.vocabulary.beginningWith(NEWLINE) };
}

const NEWLINE = Buffer.from("\n");

/** Where writing begins. */
interface Opening {
  readonly advance: Advance;
  readonly recall: Recall;
  /** The tokens to begin with, and what was run after the prompt so far. */
  readonly start: readonly TokenId[];
  readonly begun: Begun;
}

async function open(
  { model, tokenizer }: LanguageModel,
  advance: Advance,
  task: Task,
  { start, firstLine }: Writing,
  access: ModelAccess,
): Promise<Opening> {
  const recall = await recallAfter(task, tokenizer);
  if (start.type === "given") return { advance, recall, start: start.tokens, begun: { tokens: [], ...advance } };
  const { prompt } = task;
  if (prompt.cut.length > 1) await access.nextRun();
  const begun = await runCut(model, advance, prompt.cut);
  const { tokens, logShare } = regrow(prompt, begun.logits, tokenizer.vocabulary, recall);
  firstLine?.begin(logShare);
  return { advance, recall, start: tokens, begun };
}

/** What is remembered at the prompt's end: where the exact memory is switched off or empty, the prompt itself, for drafts. */
async function recallAfter(
  { live, repository, prompt: { frame, tokens } }: Task,
  tokenizer: LanguageModel["tokenizer"],
): Promise<Recall> {
  if (repository?.memory === undefined) return new Recall({ context: tokens });
  const { memory, path } = repository;
  const after = await tokenizer.encode(live.suffix.slice(frame.told));
  return new Recall({ memory, context: tokens, after, exclude: path });
}

async function goOn(
  lm: LanguageModel,
  sequence: Sequence,
  { advance, recall, start, begun }: Opening,
  { context, prompt }: Task,
  { maxTokens, isUnasked, firstLine, least = isUnasked ? LEAST_SURE : -Infinity, onText, start: { type } }: Writing,
  access: ModelAccess,
): Promise<Generated> {
  const stream = lm.tokenizer.stream();
  const regrowth = new Regrowth(lm.tokenizer.vocabulary, prompt.wanted);
  const tokens: TokenId[] = [];
  let text = "";
  const pick = (logits: Float32Array) => {
    const token = start[tokens.length] ?? recall.pick(logits);
    if (firstLine !== undefined && !text.trimStart().includes("\n")) {
      const index = tokens.length;
      const probability = recall.probabilities(logits);
      const choice = { index, text, token, logits, allowed: regrowth.allowed, probability };
      if (index >= start.length) firstLine.chose(choice);
      else if (type === "regrow") firstLine.begun(choice, index === start.length - 1);
    }
    recall.push(token);
    return token;
  };
  const draft = (max: number) =>
    start.length > tokens.length
      ? start.slice(tokens.length, tokens.length + Math.min(max, MOST_DRAFTED))
      : recall.draft(max);
  const options = { pick, stop: controlTokens(lm), maxTokens, draft, begun };
  for await (const token of generate(lm.model, sequence, advance, options, access)) {
    tokens.push(token);
    const piece = stream.pushBytes(regrowth.take(token));
    text += piece;
    if (piece !== "") onText?.(piece);
    const isGivenUp = firstLine !== undefined && firstLine.logShare < least;
    if (stopOffset(text, context) !== undefined || isGivenUp)
      return { text, tokens, finish: "stop", isSure: firstLine?.isSure ?? true };
  }
  const finish: FinishReason = tokens.length === maxTokens ? "length" : "stop";
  // No `stream.end()`: half a character at the limit is dropped. Where nothing is said, nothing is doubtful.
  return { text, tokens, finish, isSure: text === "" || (firstLine?.isSure ?? true) };
}
