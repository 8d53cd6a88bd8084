// What the index costs: building, bytes, lookups, an edit.
//
//   node tools/exactMemory/run.mjs speed PACKAGES.jsonl

import { ExactMemory } from "../../src/engine/exactMemory/exactMemory";
import { Tokenizer } from "../../src/engine/model/tokenizer";
import { type PackageLine, readLines } from "./dump";

export async function speed([packages]: readonly string[]): Promise<void> {
  const tokenizer = await Tokenizer.load("models/griffin-code-small");
  const documents: number[][] = [];
  let total = 0;
  for (const { files } of readLines<PackageLine>(packages!)) {
    for (const { text } of files) {
      if (total > 1_000_000) break;
      const tokens = await tokenizer.encode(text);
      total += tokens.length;
      documents.push(tokens);
    }
  }
  for (const size of [100_000, 1_000_000]) {
    const memory = new ExactMemory();
    let tokens = 0;
    for (const [i, document] of documents.entries()) {
      if (tokens > size) break;
      tokens += document.length;
      memory.setDocument(`d${i}`, document);
    }
    const slices = pump(memory);
    console.log(
      `${memory.tokenCount} tokens, ${memory.documentCount} documents: ${(memory.bytes / memory.tokenCount).toFixed(2)} bytes a token, ` +
        `${Math.round(memory.tokenCount / slices.ms)}k tokens/s, longest slice ${slices.longest.toFixed(1)} ms`,
    );
    const contexts = documents.slice(0, 200).map((d) => d.slice(0, 1 + (d.length >> 1)));
    const began = performance.now();
    for (let round = 0; round < 10; round++) for (const context of contexts) memory.matches(context);
    console.log(`lookup ${((1000 * (performance.now() - began)) / (10 * contexts.length)).toFixed(1)} µs`);
    let edits = 0;
    let longest = 0;
    for (let i = 0; i < 100; i++) {
      memory.setDocument(`d${i}`, documents[i]!.slice(1));
      const { ms, longest: slice } = pump(memory);
      edits += ms;
      longest = Math.max(longest, slice);
    }
    console.log(`a changed document: ${(edits / 100).toFixed(1)} ms in all, longest slice ${longest.toFixed(1)} ms`);
    console.log(`after 100 changes: ${(memory.bytes / memory.tokenCount).toFixed(2)} bytes a token`);
  }
}

function pump(memory: ExactMemory): { ms: number; longest: number } {
  const began = performance.now();
  let longest = 0;
  for (let more = true; more; ) {
    const start = performance.now();
    more = memory.work();
    longest = Math.max(longest, performance.now() - start);
  }
  return { ms: performance.now() - began, longest };
}
