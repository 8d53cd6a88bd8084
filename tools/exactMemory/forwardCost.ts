// What a run of a few tokens costs beside a run of one: the price of a draft.
//
//   node tools/exactMemory/run.mjs forwardCost [rounds] [threads]
//
// Processor time is printed beside wall time: it says more on a busy machine.

import { loadLanguageModel } from "../../src/engine/loadLanguageModel";
import { median } from "../../src/engine/model/timing";

export async function forwardCost([rounds = "20", threads = "0"]: readonly string[]): Promise<void> {
  const { model } = await loadLanguageModel("models/griffin-code-small", { threads: Number(threads) });
  const tokens = Array.from({ length: 512 }, (_, i) => 1_000 + ((i * 37) % 9_000));
  const { state } = await model.forward(tokens, model.emptyState, []);
  const sizes = [1, 2, 3, 4, 5, 6, 8];
  const times = new Map<number, number[]>(sizes.map((size) => [size, []]));
  const processor = new Map<number, number[]>(sizes.map((size) => [size, []]));
  // By turns, so that whatever else the machine does falls on all alike.
  for (let round = 0; round < Number(rounds); round++) {
    for (const size of sizes) {
      const began = performance.now();
      const before = process.cpuUsage();
      await model.forward(tokens.slice(0, size), state, [...Array(size).keys()]);
      times.get(size)!.push(performance.now() - began);
      const used = process.cpuUsage(before);
      processor.get(size)!.push((used.user + used.system) / 1000);
    }
  }
  const shown = (values: readonly number[]) => median(values).toFixed(1);
  for (const size of sizes) {
    console.log(`${size} tokens: ${shown(times.get(size)!)} ms, ${shown(processor.get(size)!)} ms of processor time`);
  }
  await model.dispose();
}
