// Whether two programs compute the same: the logits that each wrote after the same tokens.

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";

export interface Agreement {
  /** Pearson's, over the vocabulary. */
  readonly correlation: number;
  /** Whether both find the same token the likeliest. */
  readonly sameChoice: boolean;
}

/** Nothing when one of the files has not been written. */
export async function agreementOf(file: string, reference: string): Promise<Agreement | undefined> {
  if (!existsSync(file) || !existsSync(reference)) return undefined;
  return compare(await floats(file), await floats(reference));
}

export function compare(a: Float32Array, b: Float32Array): Agreement {
  if (a.length !== b.length) throw new Error(`There are ${a.length} logits beside ${b.length}.`);
  const [meanA, meanB] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i]! - meanA, b[i]! - meanB];
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return { correlation: ab / Math.sqrt(aa * bb), sameChoice: likeliest(a) === likeliest(b) };
}

async function floats(file: string): Promise<Float32Array> {
  const bytes = await readFile(file);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

function mean(values: Float32Array): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}

function likeliest(logits: Float32Array): number {
  return logits.reduce((best, logit, token) => (logit > logits[best]! ? token : best), 0);
}
