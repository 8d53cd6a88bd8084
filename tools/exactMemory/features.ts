// What the exact memory finds at each position that dump.ts kept, for fitting and for reports. A package's memory holds
// all of its files but the one whose tokens are predicted; that one's own earlier text is the other source.
//
//   node tools/exactMemory/run.mjs features PACKAGES.jsonl DUMP.jsonl OUT.jsonl

import { appendFileSync, writeFileSync } from "node:fs";
import { ExactMemory } from "../../src/engine/exactMemory/exactMemory";
import { type Match, matchesInTokens } from "../../src/engine/exactMemory/matches";
import type { TokenId } from "../../src/engine/model/model";
import { Tokenizer } from "../../src/engine/model/tokenizer";
import { type DumpLine, type PackageLine, type Position, readLines } from "./dump";

/** [token, length, count in the repository, count in the file itself], for each token and length. */
export type Found = readonly [TokenId, number, number, number];

export interface FeatureLine {
  readonly package: string;
  readonly language: string;
  readonly path: string;
  readonly bytes: number;
  readonly tokens: readonly TokenId[];
  readonly positions: readonly { readonly lm: Position; readonly found: readonly Found[] }[];
}

export async function features([packages, dump, out]: readonly string[]): Promise<void> {
  const tokenizer = await Tokenizer.load("models/griffin-code-small");
  writeFileSync(out!, "");
  const lines = readLines<DumpLine>(dump!);
  for (const { package: name, files } of readLines<PackageLine>(packages!)) {
    const memory = new ExactMemory();
    for (const { path, text } of files) memory.setDocument(path, await tokenizer.encode(text));
    while (memory.work(1e6));
    let us = 0;
    let count = 0;
    for (const line of lines.filter((one) => one.package === name && files.some(({ path }) => path === one.path))) {
      const positions = line.positions.map((lm, end) => {
        const began = performance.now();
        const repository = memory.matches(line.tokens, line.path, end);
        const own = matchesInTokens(line.tokens.slice(0, end), line.tokens, end);
        us += 1000 * (performance.now() - began);
        count++;
        return { lm, found: counted(repository, own) };
      });
      appendFileSync(out!, `${JSON.stringify({ ...line, positions })}\n`);
    }
    console.log(name, memory.tokenCount, (us / count).toFixed(1), "µs");
  }
}

function counted(repository: readonly Match[], own: readonly Match[]): Found[] {
  const counts = new Map<string, [TokenId, number, number, number]>();
  for (const [source, matches] of [repository, own].entries()) {
    for (const { token, length } of matches) {
      const key = `${token} ${length}`;
      const found = counts.get(key) ?? [token, length, 0, 0];
      counts.set(key, found);
      found[2 + source]!++;
    }
  }
  return [...counts.values()];
}
