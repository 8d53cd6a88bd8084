// Loads a model as it runs best on this machine.

import type { Model } from "../model";
import { buildModelGraph, type ModelFolder } from "../modelFolder";
import { loadOnnxModel } from "../onnxModel";
import { ModelTuning } from "./tune";

export interface LoadOptions {
  /** Threads for one run; 0: as many as are fastest, or what onnxruntime chooses when nothing is measured. */
  readonly threads: number;
  /** Where measurements are kept; absent: nothing is measured. */
  readonly tuningFolder?: string;
}

export interface TunedModel {
  readonly model: Model;
  readonly tuning?: ModelTuning;
}

export async function loadTunedModel(about: ModelFolder, options: LoadOptions): Promise<TunedModel> {
  const { graph, tensors, linearOptions } = await buildModelGraph(about);
  const { threads, tuningFolder } = options;
  const load = (more: { threads: number; chunkTokens?: number; provider?: string }) =>
    loadOnnxModel(graph, about.folder, about.architecture, more);
  if (tuningFolder === undefined) return { model: await load({ threads }) };
  // What prevents measuring is said better by loading.
  const tuning = await ModelTuning.of(about, tensors, linearOptions, threads, tuningFolder).catch(() => undefined);
  if (tuning === undefined) return { model: await load({ threads }) };
  const { provider, chunkTokens } = tuning;
  const best = { threads: tuning.threads, chunkTokens };
  if (provider !== undefined) {
    const model = await loadWatched(tuning, provider, () => load({ ...best, provider }), about.tokens.bos);
    if (model !== undefined) return { model, tuning };
  }
  return { model: await load(best), tuning };
}

/**
 * Loads and runs a model on `provider`, which was faster when it was tried. Should it end this process, what it leaves
 * behind says so, and the next start does without. Undefined when it fails in a better way.
 */
async function loadWatched(
  tuning: ModelTuning,
  provider: string,
  load: () => Promise<Model>,
  token: number,
): Promise<Model | undefined> {
  const finding = tuning.findings[provider]!;
  await tuning.record(provider, { verdict: "loading", detail: "it ended the engine while the model was loaded" });
  try {
    const model = await load();
    await model.forward([token], model.emptyState, [0]);
    await tuning.record(provider, finding);
    return model;
  } catch (error) {
    await tuning.record(provider, { verdict: "failed", detail: (error as Error).message });
    return undefined;
  }
}
