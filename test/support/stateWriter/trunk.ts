// A made-up repository whose files' tokens follow from their hashes: a chain alone says what a state must be.

import { mulberry32 } from "../../../src/engine/decoding/sampler";
import { loadModel } from "../../../src/engine/model/loadModel";
import type { Model, TokenId } from "../../../src/engine/model/model";
import { type ModelFolder, readModelFolder } from "../../../src/engine/model/modelFolder";
import { type ChainEntry, type ChainLink, modelKey, type ReadEntry } from "../../../src/engine/stateStore/keys";
import { StateStore } from "../../../src/engine/stateStore/stateStore";
import type { Files } from "../../../src/machine/wholeFile";

/** Room for a dozen states of the tiny model: most that are written are removed soon. */
const BUDGET_BYTES = 250_000;

export interface Writer {
  readonly model: Model;
  readonly about: ModelFolder;
  readonly store: StateStore;
}

/** `log` gets what the store says: with whole files and a healthy disk, nothing. */
export async function openStore(
  modelFolder: string,
  folder: string,
  log: (line: string) => void,
  files?: Files,
): Promise<Writer> {
  const about = await readModelFolder(modelFolder);
  const model = await loadModel(about, { threads: 1 });
  const store = new StateStore({
    folder,
    model: { key: modelKey(about), name: about.name, emptyState: model.emptyState },
    budgetBytes: BUDGET_BYTES,
    log: (_, message) => log(message),
    ...(files && { files }),
  });
  return { model, about, store };
}

/** A file with a few tokens. */
export function makeFile(random: () => number): ReadEntry {
  const hash = String(Math.floor(random() * 2 ** 32));
  const link: ChainLink = { path: `src/${hash}.ts`, hash };
  return { ...link, tokens: 1 + (Number(hash) % 9), readAt: 0 };
}

/** `<bos>` and the files' tokens. */
export function tokensOf({ tokens: { bos }, architecture }: ModelFolder, chain: readonly ChainEntry[]): TokenId[] {
  return [bos, ...chain.flatMap((entry) => fileTokens(entry, architecture.vocabSize))];
}

export function fileTokens({ hash, tokens }: ChainEntry, vocabSize: number): TokenId[] {
  const random = mulberry32(Number(hash));
  return Array.from({ length: tokens }, () => Math.floor(random() * vocabSize));
}
