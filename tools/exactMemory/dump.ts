// Runs the model over gaps in the target files that packages.py chose, with the prompt that the editor would give it, and
// keeps what fitting needs of each token in the gap: its log-probability, the likeliest tokens with theirs, and what the
// exact memory finds.
//
//   node tools/exactMemory/run.mjs dump PACKAGES.jsonl OUT.jsonl
//
// A package's repository holds all of its files but the one with the gap. Every fourth prompt is that of a model that does
// not fill in the middle: there the exact memory knows all the text after the cursor, else only what the prompt has no room for.

import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { TaskRepositories } from "../../src/cli/eval/taskRepositories";
import { forEachPrediction } from "../../src/engine/decoding/predictions";
import { type Match, matchesInTokens } from "../../src/engine/exactMemory/matches";
import { loadLanguageModel } from "../../src/engine/loadLanguageModel";
import type { LanguageModel } from "../../src/engine/model/languageModel";
import type { TokenId } from "../../src/engine/model/model";
import { undisturbed } from "../../src/engine/modelAccess";
import type { DocumentOffer } from "../../src/engine/repository/offer";
import { endOfLine, type Gap, promptBefore, randomBelow } from "./gap";

/** The likeliest tokens that are kept; a rarer one's log-probability is at most the last one's. */
const KEPT = 32;
const CHUNK_TOKENS = 64;
/** Gaps of one file. */
const GAPS = 3;
/** Every third gap ends with its line, the others this many lines further down, as if that much was typed. */
const GAP_LINES = 24;
const LONGEST_GAP = 256;

export interface PackageLine {
  readonly package: string;
  readonly language: string;
  readonly files: readonly { readonly path: string; readonly text: string }[];
  readonly targets: readonly number[];
}

/** What the model says: [log p(target), [token, log p, …] of the likeliest, likeliest first]. */
export type Said = readonly [number, readonly number[]];

/** [token, length, count in the repository, after the cursor, in the prompt], for each token and length. */
export type Found = [TokenId, number, number, number, number];

/** One gap: its tokens from the cursor on. */
export interface DumpLine {
  readonly package: string;
  readonly language: string;
  readonly path: string;
  readonly offset: number;
  readonly bytes: number;
  readonly text: string;
  readonly tokens: readonly TokenId[];
  readonly positions: readonly { readonly lm: Said; readonly found: readonly Found[] }[];
}

export function readLines<T>(path: string): T[] {
  return readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as T);
}

export async function dump([packages, out, threads = "0"]: readonly string[]): Promise<void> {
  const done = new Set(existsSync(out!) ? readLines<DumpLine>(out!).map((line) => `${line.package}/${line.path}`) : []);
  const lm = await loadLanguageModel("models/griffin-code-small", { threads: Number(threads) });
  const repositories = new TaskRepositories({ lm, maxTokens: 0 });
  const all = readLines<PackageLine>(packages!);
  const rounds = Math.max(...all.map(({ targets }) => targets.length));
  for (let round = 0; round < rounds; round++) {
    for (const { package: name, language, files, targets } of all) {
      const target = targets[round];
      if (target === undefined) continue;
      const { path, text } = files[target]!;
      if (done.has(`${name}/${path}`)) continue;
      const began = performance.now();
      const others = files.filter((file) => file.path !== path);
      const context = await repositories.contextOf(others, path);
      let count = 0;
      const lines: string[] = [];
      for (const [index, gap] of gapsIn(text).entries()) {
        const filled = await fill(lm, context, path, text, gap, (round + index) % 4 !== 3);
        count += filled.tokens.length;
        lines.push(`${JSON.stringify({ package: name, language, path, offset: gap.cursor, ...filled })}\n`);
      }
      // All at once: a file with a line here is done.
      appendFileSync(out!, lines.join(""));
      console.log(name, path, context.memory?.tokenCount, count, Math.round(performance.now() - began), "ms");
    }
  }
  await repositories.close();
  await lm.model.dispose();
}

/** Places where somebody may write, spread over the file: at a word's beginning, or a little behind it. */
function gapsIn(text: string): Gap[] {
  const gaps: Gap[] = [];
  const below = randomBelow(1);
  for (let i = 0; i < GAPS; i++) {
    const from = Math.floor((text.length * i) / GAPS);
    for (let tries = 0; tries < 20; tries++) {
      const near = from + below(Math.floor(text.length / GAPS));
      const lineStart = text.lastIndexOf("\n", near) + 1;
      const lineEnd = endOfLine(text, near);
      const words = [...text.slice(lineStart, lineEnd).matchAll(/\w+/g)];
      if (words.length < 2) continue;
      const word = words[below(words.length)]!;
      const cursor = lineStart + word.index + Math.min(below(2) * 2, word[0].length - 1);
      let end = lineEnd;
      if (i % 3 !== 0)
        for (let line = 0; line < GAP_LINES; line++) end = endOfLine(text, Math.min(text.length, end + 1));
      gaps.push({ lineStart, cursor, end });
      break;
    }
  }
  return gaps;
}

async function fill(
  lm: LanguageModel,
  context: DocumentOffer,
  path: string,
  text: string,
  gap: Gap,
  fillsInTheMiddle: boolean,
): Promise<Pick<DumpLine, "bytes" | "text" | "tokens" | "positions">> {
  const reader = { ...lm, about: { ...lm.about, trained: { ...lm.about.trained, fillInTheMiddle: fillsInTheMiddle } } };
  const { base, tokens: all, first: start, after } = await promptBefore(reader, context, path, text, gap, LONGEST_GAP);
  const tokens = all.slice(start);
  const positions: DumpLine["positions"][number][] = [];
  await forEachPrediction(lm.model, base, all, start, CHUNK_TOKENS, undisturbed, (logits, token) => {
    const at = start + positions.length;
    const repository = context.memory?.matches(all, path, at) ?? [];
    const inPrompt = matchesInTokens(all.slice(0, at), all, at);
    positions.push({
      lm: summarize(logits, token),
      found: counted(repository, matchesInTokens(after, all, at), inPrompt),
    });
  });
  const filled = lm.tokenizer.decode(tokens);
  return { bytes: Buffer.byteLength(filled), text: filled, tokens, positions };
}

function counted(...sources: readonly (readonly Match[])[]): Found[] {
  const counts = new Map<string, Found>();
  for (const [source, matches] of sources.entries()) {
    for (const { token, length } of matches) {
      const key = `${token} ${length}`;
      const found = counts.get(key) ?? [token, length, 0, 0, 0];
      counts.set(key, found);
      found[2 + source]!++;
    }
  }
  return [...counts.values()];
}

function summarize(logits: Float32Array, target: TokenId): Said {
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
