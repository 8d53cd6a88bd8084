// What keeping a state costs: how large its file is, and how long it takes to write it and to have it back.

import { mkdtemp, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LanguageModel } from "../../engine/model/languageModel";
import type { State } from "../../engine/model/state";
import { keyAfter, modelKey } from "../../engine/stateStore/keys";
import { StateStore } from "../../engine/stateStore/stateStore";
import { removePatiently } from "../../machine/removePatiently";
import { removeAtEnd } from "../endings";
import { sentenceOf } from "../sentence";

export interface Restoring {
  /** That the state has read. */
  readonly tokens: number;
  readonly bytes: number;
  /** Until it is safe on the disk. */
  readonly saveMs: number;
  /** Right after it was written, so that it need not come from the disk; every byte is checked. */
  readonly restoreMs: number;
}

/** Keeps the state as the engine would, in a temporary folder. @returns a sentence where that is not possible */
export async function measureRestoring(
  lm: LanguageModel,
  state: State,
): Promise<Restoring | { readonly problem: string }> {
  try {
    const folder = await mkdtemp(join(tmpdir(), "griffin-bench-"));
    const forget = removeAtEnd(folder);
    try {
      return await measureIn(folder, lm, state);
    } finally {
      await removePatiently(folder).catch(() => {});
      forget();
    }
  } catch (error) {
    return { problem: sentenceOf(error) };
  }
}

async function measureIn(folder: string, { model, about }: LanguageModel, state: State): Promise<Restoring> {
  let problem = "";
  const log = (_level: string, message: string) => {
    problem = message;
  };
  const named = { key: modelKey(about), name: about.name, emptyState: model.emptyState };
  const store = new StateStore({ folder, model: named, budgetBytes: Number.POSITIVE_INFINITY, log });
  // As if all but the beginning had been one file.
  const chain = [{ path: "bench", hash: "bench", tokens: state.position - 1, readAt: 0 }];
  const key = keyAfter(named.key, chain);
  const began = performance.now();
  if (!(await store.save(key, state, chain, folder))) throw new Error(problem);
  const saved = performance.now();
  const restored = await store.load(key);
  const restoreMs = performance.now() - saved;
  if (restored === undefined) throw new Error(problem);
  const { size: bytes } = await stat(join(folder, `${key}.state`));
  return { tokens: state.position, bytes, saveMs: saved - began, restoreMs };
}
