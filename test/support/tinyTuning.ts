// What the tests of tuning share: a tiny model that is rounded as large ones are, and what is measured of it.

import { join } from "node:path";
import { readModelFolder } from "../../src/engine/model/modelFolder";
import { ModelTuning } from "../../src/engine/tuning/tune";

export const TINY = join("test", "fixtures", "tiny-gemma-int8");
export const TOKENS = Array.from({ length: 40 }, (_, i) => (i * 7) % 50);

/** Of a machine on which nothing else ran. */
export const UNDISTURBED = {
  byThreads: [1, 2, 4, 8].map((threads) => ({ threads, oneRowMs: 1 + 1 / threads, manyRowsMs: 20 / threads })),
  share: 0.1,
  isDisturbed: false,
};

/** What is known of the tiny model in this folder, where the user has chosen no number of threads. */
export async function tuningIn(folder: string): Promise<ModelTuning> {
  return ModelTuning.of(await readModelFolder(TINY), 0, folder);
}
