// Runs the model once over the target files that documents.py chose, and keeps what fitting needs of each position:
// the target's log-probability, and the likeliest tokens with theirs.
//
//   node tools/exactMemory/run.mjs dump PACKAGES.jsonl OUT.jsonl [tokens a file]

import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { loadLanguageModel } from "../../src/engine/model/languageModel";
import type { TokenId } from "../../src/engine/model/model";

/** The likeliest tokens that are kept; a rarer one's log-probability is at most the last one's. */
export const KEPT = 32;
const CHUNK_TOKENS = 64;

export interface PackageLine {
  readonly package: string;
  readonly language: string;
  readonly files: readonly { readonly path: string; readonly text: string }[];
  readonly targets: readonly number[];
}

/** One position: [log p(target), [token, log p, …] of the likeliest, likeliest first]. */
export type Position = readonly [number, readonly number[]];

export interface DumpLine {
  readonly package: string;
  readonly language: string;
  readonly path: string;
  readonly bytes: number;
  readonly tokens: readonly TokenId[];
  readonly positions: readonly Position[];
}

export function readLines<T>(path: string): T[] {
  return readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as T);
}

export async function dump(args: readonly string[]): Promise<void> {
  const [packages, out, limit = "1500"] = args;
  const done = new Set(existsSync(out!) ? readLines<DumpLine>(out!).map((line) => `${line.package}/${line.path}`) : []);
  const lm = await loadLanguageModel("models/griffin-code-small", { threads: 0 });
  const rounds = [0, 1, 2, 3, 4, 5];
  const all = readLines<PackageLine>(packages!);
  for (const round of rounds) {
    for (const { package: name, language, files, targets } of all) {
      if (targets[round] === undefined) continue;
      const { path, text } = files[targets[round]]!;
      if (done.has(`${name}/${path}`)) continue;
      const began = performance.now();
      const tokens = (await lm.tokenizer.encode(text)).slice(0, Number(limit));
      const bytes = Buffer.byteLength(lm.tokenizer.decode(tokens));
      const positions: Position[] = [];
      const input = [lm.about.tokens.bos, ...tokens.slice(0, -1)];
      let state = lm.model.emptyState;
      const { vocabSize } = lm.model.architecture;
      while (state.position < input.length) {
        const start = state.position;
        const chunk = input.slice(start, start + CHUNK_TOKENS);
        const result = await lm.model.forward(chunk, state, [...chunk.keys()]);
        chunk.forEach((_, row) => {
          positions.push(
            summarize(result.logits.subarray(row * vocabSize, (row + 1) * vocabSize), tokens[start + row]!),
          );
        });
        state = result.state;
      }
      const line: DumpLine = { package: name, language, path, bytes, tokens, positions };
      appendFileSync(out!, `${JSON.stringify(line)}\n`);
      const bits = -positions.reduce((sum, [logProb]) => sum + logProb, 0) / Math.LN2;
      console.log(name, path, tokens.length, (bits / bytes).toFixed(4), Math.round(performance.now() - began), "ms");
    }
  }
  await lm.model.dispose();
}

function summarize(logits: Float32Array, target: TokenId): Position {
  let top = -Infinity;
  for (const logit of logits) if (logit > top) top = logit;
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - top);
  const norm = Math.log(sum) + top;
  const near: number[] = [];
  for (let threshold = top - 4; near.length < KEPT; threshold -= 3) {
    near.length = 0;
    for (let id = 0; id < logits.length; id++) if (logits[id]! >= threshold) near.push(id);
  }
  near.sort((a, b) => logits[b]! - logits[a]!);
  const kept = near.slice(0, KEPT).flatMap((id) => [id, round(logits[id]! - norm)]);
  return [round(logits[target]! - norm), kept];
}

function round(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
