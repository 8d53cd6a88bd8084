// What a run of a few tokens costs beside a run of one: the price of a draft.
//
//   node tools/exactMemory/run.mjs forwardCost [rounds]

import { loadLanguageModel } from "../../src/engine/languageModel";

export async function forwardCost([rounds = "20"]: readonly string[]): Promise<void> {
  const { model } = await loadLanguageModel("models/griffin-code-small", { threads: 0 });
  const tokens = Array.from({ length: 512 }, (_, i) => 1_000 + ((i * 37) % 9_000));
  const { state } = await model.forward(tokens, model.emptyState, []);
  const sizes = [1, 2, 3, 4, 5, 6, 8];
  const times = new Map<number, number[]>(sizes.map((size) => [size, []]));
  // By turns, so that whatever else the machine does falls on all alike.
  for (let round = 0; round < Number(rounds); round++) {
    for (const size of sizes) {
      const began = performance.now();
      await model.forward(tokens.slice(0, size), state, [...Array(size).keys()]);
      times.get(size)!.push(performance.now() - began);
    }
  }
  for (const [size, all] of times) {
    const sorted = all.sort((a, b) => a - b);
    const least = sorted[0]!;
    console.log(`${size} tokens: median ${sorted[sorted.length >> 1]!.toFixed(1)} ms, least ${least.toFixed(1)} ms`);
  }
  await model.dispose();
}
