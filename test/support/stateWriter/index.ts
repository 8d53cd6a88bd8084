// A process that reads a made-up repository, saves its state after each file, and is killed at a certain change of the disk.
//
//   node index.js MODEL_FOLDER STORE_FOLDER FOLDER_ID SEED LAST_CHANGE
//
// Prints the key of each state that the store has promised to keep. What the store logs is printed as well: there
// should be nothing.

import { writeSync } from "node:fs";
import { mulberry32 } from "../../../src/engine/decoding/sampler";
import type { State } from "../../../src/engine/model/state";
import { keyAfter, modelKey } from "../../../src/engine/stateStore/keys";
import { mortalFiles } from "./mortalFiles";
import { fileTokens, makeFile, openStore } from "./trunk";

const LONGEST_CHAIN = 12;

async function main([modelFolder, storeFolder, folderId, seed, lastChange]: string[]): Promise<never> {
  const { model, about, store } = await openStore(modelFolder!, storeFolder!, print, mortalFiles(Number(lastChange)));
  const random = mulberry32(Number(seed));
  await store.prune();
  let { state, chain } = (await store.restoreLatest(folderId!)) ?? { state: await begun(), chain: [] };
  for (;;) {
    if (chain.length >= LONGEST_CHAIN) {
      // Another branch is checked out: what it shares with this one is found again, or read again.
      const shared = chain.slice(0, Math.floor(random() * chain.length));
      ({ state, chain } = (await store.restore(shared)) ?? { state: await begun(), chain: [] });
    }
    const file = makeFile(random);
    chain = [...chain, file];
    ({ state } = await model.forward(fileTokens(file, about.architecture.vocabSize), state, []));
    const key = keyAfter(modelKey(about), chain);
    if (await store.saveLatest(folderId!, key, state, chain)) print(key);
    if (random() < 0.3) await store.prune();
  }

  async function begun(): Promise<State> {
    return (await model.forward([about.tokens.bos], model.emptyState, [])).state;
  }
}

/** Written when it returns: what was said before a kill was said. */
function print(line: string): void {
  writeSync(1, `${line}\n`);
}

void main(process.argv.slice(2));
