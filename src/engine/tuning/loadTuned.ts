// Loads a model as it runs best on this machine.

import { buildModelGraph, loadOnProcessor } from "../loadModel";
import type { Model } from "../model";
import type { ModelFolder } from "../modelFolder";
import { loadOnnxModel } from "../onnxModel";
import { isAlive } from "../processes";
import { idleShare } from "./machineLoad";
import { ModelTuning, measureLinears } from "./tune";
import { failedFinding, type ProviderFinding } from "./tuningFile";

const MOSTLY_IDLE = 0.7;

export interface LoadOptions {
  /** Threads for one run; 0: as many as are fastest, or what onnxruntime chooses while nothing is measured. */
  readonly threads: number;
  /** Where measurements are kept; absent: nothing is measured. */
  readonly tuningFolder?: string;
  /** Measure before loading what is not known yet, if the machine is idle; else it is for `learn` to do. */
  readonly measureNow?: boolean;
}

export interface TunedModel {
  readonly model: Model;
  readonly tuning?: ModelTuning;
}

export async function loadTunedModel(about: ModelFolder, options: LoadOptions): Promise<TunedModel> {
  const { threads, tuningFolder, measureNow } = options;
  const { graph } = await buildModelGraph(about);
  if (tuningFolder === undefined) return { model: await loadOnProcessor(about, graph, { threads }) };
  const tuning = await ModelTuning.of(about, threads, tuningFolder);
  if (measureNow && !tuning.isMeasured && (await idleShare()) > MOSTLY_IDLE) {
    // What prevents measuring is said better by loading.
    await measureLinears(about, threads).then(
      (times) => tuning.use(times),
      () => {},
    );
  }
  const { provider, threads: bestThreads, chunkTokens, longChunkTokens } = tuning;
  const best = { threads: bestThreads, chunkTokens, longChunkTokens };
  if (provider !== undefined) {
    const load = () => loadOnnxModel(graph, about.folder, about.architecture, { ...best, provider });
    const model = await loadWatched(tuning, provider, load, about.tokens.bos);
    if (model !== undefined) return { model, tuning };
  }
  return { model: await loadOnProcessor(about, graph, best), tuning };
}

/**
 * Loads and runs a model on `provider`, which was faster when it was tried. Should it end this process, what it leaves
 * behind says so. One such end may be that of a window that was closed meanwhile, so a second one is needed before the next start does
 * without. Undefined when it fails in a better way.
 */
export async function loadWatched(
  tuning: ModelTuning,
  provider: string,
  load: () => Promise<Model>,
  token: number,
  isRunning = isAlive,
): Promise<Model | undefined> {
  const { unfinishedBy, ...finding } = tuning.findings[provider]!;
  // Other windows may be loading it just now.
  const hasEnded = unfinishedBy !== undefined && !isRunning(unfinishedBy);
  await tuning.record(provider, hasEnded ? endedTwice() : { ...finding, unfinishedBy: process.pid });
  try {
    const model = await load();
    await model.forward([token], model.emptyState, [0]);
    await tuning.record(provider, finding);
    return model;
  } catch (error) {
    await tuning.record(provider, failedFinding((error as Error).message));
    return undefined;
  }
}

function endedTwice(): ProviderFinding {
  return failedFinding("the engine ended twice while it loaded a model with it; it is tried again after a week");
}
