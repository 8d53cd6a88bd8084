// Logits of a whole token sequence, run in pieces, and their comparison with golden ones.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { logitsInChunks } from "../../src/engine/decoding/predictions";
import type { Model, TokenId } from "../../src/engine/model/model";

/** What torch gave: `training/` has written it beside the model. */
export async function goldenLogits(folder: string): Promise<{ tokens: TokenId[]; logits: Float32Array }> {
  const tokens = JSON.parse(await readFile(join(folder, "tokens.json"), "utf8"));
  return { tokens, logits: floatsOf(await readFile(join(folder, "logits.f32"))) };
}

/** Every token's logits, run in chunks of the given sizes by turns: [tokens.length, vocabSize]. */
export async function runInChunks(
  model: Model,
  tokens: readonly TokenId[],
  chunks: readonly number[],
): Promise<Float32Array> {
  const logits = new Float32Array(tokens.length * model.architecture.vocabSize);
  let at = 0;
  for await (const rows of logitsInChunks(model, tokens, chunks)) {
    logits.set(rows, at);
    at += rows.length;
  }
  return logits;
}

/** The last token's logits alone, which is all that a completion asks for. */
export async function lastLogitsInChunks(
  model: Model,
  tokens: readonly TokenId[],
  chunks: readonly number[],
): Promise<Float32Array> {
  for await (const logits of logitsInChunks(model, tokens, chunks, tokens.length - 1)) return logits;
  throw new Error("There are no tokens");
}

export function largestDifference(a: Float32Array, b: Float32Array): number {
  return differences(a, b).reduce((largest, difference) => Math.max(largest, Math.abs(difference)), 0);
}

export function rootMeanSquareDifference(a: Float32Array, b: Float32Array): number {
  return Math.sqrt(differences(a, b).reduce((sum, difference) => sum + difference ** 2, 0) / a.length);
}

function differences(a: Float32Array, b: Float32Array): Float32Array {
  if (a.length !== b.length) throw new Error(`${a.length} and ${b.length} numbers cannot be compared`);
  return a.map((value, i) => value - b[i]!);
}

/** Little-endian float32 numbers of a file. */
export function floatsOf(bytes: Uint8Array): Float32Array {
  return new Float32Array(bytes.slice().buffer);
}
