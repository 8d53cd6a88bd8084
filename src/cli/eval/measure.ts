// Runs one evaluation task on a language model.

import type { LanguageModel } from "../../engine/languageModel";
import { bitsOf } from "../../engine/sampler";
import { completeOnce } from "../completeOnce";
import { isExact, similarity } from "./similarity";
import type { Task } from "./tasks";

export type Result = TextResult | SpanResult;

export interface TextResult {
  readonly id: string;
  readonly kind: "text";
  /** −log2 of the probability of `expected`, and its UTF-8 bytes. */
  readonly bits: number;
  readonly bytes: number;
  readonly ms: number;
}

export interface SpanResult {
  readonly id: string;
  readonly kind: "span";
  readonly completion: string;
  readonly exact: boolean;
  readonly similarity: number;
  readonly ms: number;
}

export async function measure(lm: LanguageModel, task: Task): Promise<Result> {
  const { id } = task;
  const began = performance.now();
  if (task.kind === "text") {
    const bits = await textBits(lm, task);
    const bytes = Buffer.byteLength(task.expected);
    return { id, kind: "text", bits, bytes, ms: performance.now() - began };
  }
  const completion = await complete(lm, task);
  const ms = performance.now() - began;
  const { expected } = task;
  const near = similarity(completion.trimEnd(), expected.trimEnd());
  return { id, kind: "span", completion, exact: isExact(completion, expected), similarity: near, ms };
}

/** Tokens of one run: each wants its logits, and those are large. */
const CHUNK_TOKENS = 64;
/** Generated tokens at most; no expected span is longer. */
const MAX_TOKENS = 96;

/** The bits of `expected`, given the text before it. */
async function textBits({ model, tokenizer, about }: LanguageModel, task: Task): Promise<number> {
  const given = [about.tokens.bos, ...(await tokenizer.encode(task.prefix))];
  const tokens = [...given, ...(await tokenizer.encode(task.expected))];
  const { vocabSize } = model.architecture;
  let bits = 0;
  let state = model.emptyState;
  // The last token predicts nothing that is asked for, so it is not run.
  while (state.position < tokens.length - 1) {
    const start = state.position;
    const chunk = tokens.slice(start, Math.min(start + CHUNK_TOKENS, tokens.length - 1));
    const predicting = [...chunk.keys()].filter((row) => start + row + 1 >= given.length);
    const result = await model.forward(chunk, state, predicting);
    predicting.forEach((row, index) => {
      const logits = result.logits.subarray(index * vocabSize, (index + 1) * vocabSize);
      bits += bitsOf(logits, tokens[start + row + 1]!);
    });
    state = result.state;
  }
  return bits;
}

/** What the editor would suggest between prefix and suffix. */
async function complete(lm: LanguageModel, { path, prefix, suffix, expected }: Task): Promise<string> {
  const result = await completeOnce(lm, {
    path,
    text: prefix + suffix,
    offset: prefix.length,
    maxTokens: MAX_TOKENS,
    multiline: expected.includes("\n"),
  });
  return result.type === "success" ? result.text : "";
}
