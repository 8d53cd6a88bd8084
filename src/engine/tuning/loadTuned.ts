// Loads a model as it runs best on this machine.

import { isAlive } from "../../machine/processes";
import { buildModelGraph, loadModel } from "../model/loadModel";
import type { Model } from "../model/model";
import type { ModelFolder } from "../model/modelFolder";
import { loadOnnxModel, NoNumbers } from "../model/onnxModel";
import { withForward } from "../model/withForward";
import { isIdle } from "./machineLoad";
import { ModelTuning, measureLinears } from "./tune";
import { failedFinding, type ProviderFinding } from "./tuningFile";

export interface LoadOptions {
  /** Threads for one run; 0: as many as are fastest, or `unmeasuredThreads` while nothing is measured. */
  readonly threads: number;
  /** Where measurements are kept; absent: nothing is measured. */
  readonly tuningFolder?: string;
  /** Measure before loading what is not known yet, if the machine is idle; else it is for `learn` to do. */
  readonly measureNow?: boolean;
  /**
   * Called when a run fails on a graphics card, whose device is lost then until another process begins with a new one. Given by
   * who uses the model for long: until it is given back, an end of the process counts as the card's doing.
   */
  readonly onLost?: ((error: Error) => void) | undefined;
  /** When the process before this one was ready, in milliseconds since 1970, if it was ended because it hung. */
  readonly hungEngineReadyAt?: number | undefined;
}

export interface TunedModel {
  readonly model: Model;
  readonly tuning?: ModelTuning;
}

export async function loadTunedModel(about: ModelFolder, options: LoadOptions): Promise<TunedModel> {
  const { threads, tuningFolder, measureNow, onLost, hungEngineReadyAt } = options;
  if (tuningFolder === undefined) return { model: await loadModel(about, { threads }) };
  const tuning = await ModelTuning.of(about, threads, tuningFolder);
  if (measureNow && !tuning.isMeasured && (await isIdle())) {
    // What prevents measuring is said better by loading.
    await measureLinears(about, threads).then(
      (times) => tuning.use(times),
      () => {},
    );
  }
  const best = tuning.beginLoad();
  const { provider } = best;
  const loadOptions = { threads: best.threads, runLengths: tuning };
  if (provider !== undefined) {
    const { graph } = await buildModelGraph(about, provider);
    const load = () => loadOnnxModel(graph, about.folder, about.architecture, { ...loadOptions, provider });
    const model = await loadWatched(tuning, provider, load, about.tokens.bos, { onLost, hungEngineReadyAt });
    if (model !== undefined) return { model, tuning };
  }
  return { model: await loadModel(about, loadOptions), tuning };
}

export interface Watch extends Pick<LoadOptions, "onLost" | "hungEngineReadyAt"> {
  /** For tests: whether there is such a process. */
  readonly isRunning?: (pid: number) => boolean;
  /** For tests: milliseconds. */
  readonly now?: () => number;
}

/** A provider that has run for so long is not blamed for what ends the process after: a sleep, or a user who logs out. */
const TRUSTED_AFTER_MS = 10 * 60_000;
/** One that hangs is blamed however long it has run. A driver may hang once in a while; each time, somebody waits a minute. */
const HUNG_TWICE_WITHIN_MS = 24 * 3_600_000;

/**
 * Loads and runs a model on `provider`, which was faster when it was tried. Should it end this process, what it leaves
 * behind says so. One such end may be that of a window that was closed meanwhile, or of the machine, so a second one is
 * needed before the next start does without; so is a second one that hung. Undefined when it does without, or it fails in a better way.
 */
export async function loadWatched(
  tuning: ModelTuning,
  provider: string,
  load: () => Promise<Model>,
  token: number,
  { onLost, hungEngineReadyAt, isRunning = isAlive, now = () => performance.now() }: Watch = {},
): Promise<Model | undefined> {
  const { unfinishedBy, hasEndedBefore, hungAt } = tuning.findings[provider]!;
  // Other windows may be using it just now.
  const hasEnded = unfinishedBy !== undefined && !isRunning(unfinishedBy);
  if (hasEnded && hasEndedBefore) {
    await tuning.record(provider, failedFinding(ENDED_TWICE));
    return undefined;
  }
  const hasHung = hungEngineReadyAt !== undefined;
  const hasHungLately = hungAt !== undefined && Date.now() - hungAt < HUNG_TWICE_WITHIN_MS;
  // One driver that hangs may hang the engines of several windows, and each is noticed when somebody next waits for it.
  if (hasHung && hasHungLately && hungEngineReadyAt > hungAt) {
    await tuning.record(provider, failedFinding(HUNG_TWICE));
    return undefined;
  }
  const begun = {
    unfinishedBy: process.pid,
    ...(hasEnded && { hasEndedBefore: true as const }),
    ...(hasHung && !hasHungLately && { hungAt: Date.now() }),
  };
  await tuning.change(provider, (finding) => ({ ...finding, ...begun }));
  const finish = () => tuning.change(provider, finished);
  let model: Model | undefined;
  try {
    model = await load();
    await model.forward([token], model.emptyState, [0]);
    if (onLost !== undefined) return watched(model, tuning, provider, onLost, finish, now);
    await finish();
    return model;
  } catch (error) {
    await tuning.record(provider, failedFinding((error as Error).message));
    // Else it would keep its memory while the processor runs the model. A device that is lost may refuse.
    await model?.dispose().catch(() => {});
    return undefined;
  }
}

const ENDED_TWICE = "the engine ended twice while it loaded or ran a model with it; it is tried again after a week";

const HUNG_TWICE = "it hung twice within a day; it is tried again after a week";

const NO_NUMBERS = "what it computed is no number; it is tried again after a week";

function finished(finding: ProviderFinding): ProviderFinding {
  const { unfinishedBy, hasEndedBefore: _, ...rest } = finding;
  return unfinishedBy === process.pid ? rest : finding; // Another window has begun since.
}

/** @param finish called when the model has run for long, or is given back in good order */
function watched(
  model: Model,
  tuning: ModelTuning,
  provider: string,
  onLost: (error: Error) => void,
  finish: () => Promise<void>,
  now: () => number,
): Model {
  let trustedAt = now() + TRUSTED_AFTER_MS;
  const forward: Model["forward"] = async (...run) => {
    const result = await model.forward(...run).catch(async (error) => {
      // Unlike a process that ends, that is proof.
      if (error instanceof NoNumbers) await tuning.record(provider, failedFinding(NO_NUMBERS));
      onLost(error as Error);
      throw error;
    });
    if (now() > trustedAt) {
      trustedAt = Number.POSITIVE_INFINITY;
      await finish();
    }
    return result;
  };
  return {
    ...withForward(model, forward),
    async dispose() {
      await finish();
      await model.dispose();
    },
  };
}
