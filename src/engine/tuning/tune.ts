// What fits this machine: threads, tokens a run, provider. Measured once for each machine and model, then remembered.

import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { LinearTimes } from "../../protocol/modelJobs";
import { buildModelGraph, type ProcessorOptions } from "../model/loadModel";
import { type ModelFolder, modelBytes } from "../model/modelFolder";
import { otherProviders, RUNTIME_VERSION } from "../model/onnxRuntime";
import { unmeasuredThreads } from "../model/unmeasuredThreads";
import {
  chooseChunkTokens,
  chooseThreads,
  fastestProvider,
  LONGEST_LONG_RUN_MS,
  LONGEST_RUN_MS,
  threadCandidates,
  tokenMsOf,
  unmeasuredChunkTokens,
} from "./choices";
import { PROBE_ROWS, timeLinears } from "./linearProbe";
import { type ProviderFinding, type Tuning, TuningFile, tuningKey } from "./tuningFile";
import { inTurn } from "./turn";

/** The tuning of one model on this machine, and where it is kept. */
export class ModelTuning {
  #times: LinearTimes | undefined;
  /** What the model was to be loaded with: a provider that is found to be faster is used from the next start on. */
  #loadedWith: string | undefined;

  private constructor(
    private readonly file: TuningFile,
    private readonly key: string,
    private current: Tuning,
    private measured: boolean,
    private readonly folder: string,
  ) {}

  /**
   * What is remembered, or else what is safe anywhere.
   * @param threads the user's choice; 0: what is fastest
   */
  static async of(model: ModelFolder, threads: number, tuningFolder: string): Promise<ModelTuning> {
    const file = new TuningFile(join(tuningFolder, "tuning.json"));
    const key = tuningKey(model, RUNTIME_VERSION, threads);
    const known = await file.get(key);
    const chunkTokens = unmeasuredChunkTokens(modelBytes(model));
    const safeThreads = threads || unmeasuredThreads(availableParallelism());
    const safe = { threads: safeThreads, chunkTokens, longChunkTokens: chunkTokens, providers: {} };
    return new ModelTuning(file, key, known ?? safe, known !== undefined, tuningFolder);
  }

  /** Whether threads and tokens a run were measured here. */
  get isMeasured(): boolean {
    return this.measured;
  }

  get threads(): number {
    return this.current.threads;
  }

  get chunkTokens(): number {
    return this.current.chunkTokens;
  }

  get longChunkTokens(): number {
    return this.current.longChunkTokens;
  }

  /** About how long each token takes to read as the model is loaded; undefined: not measured. */
  get tokenMs(): number | undefined {
    const { tokenMs, providers } = this.current;
    const gain = this.#loadedWith === undefined ? undefined : providers[this.#loadedWith]?.gain;
    return tokenMs === undefined ? undefined : tokenMs / (gain ?? 1);
  }

  /** Notes what the model is loaded with from now on, and tells it. The tokens of its runs follow what is measured later; its threads cannot. */
  beginLoad(): ProcessorOptions {
    const known = this.current;
    this.#loadedWith = this.provider;
    const runs = () => {
      if (this.#times?.byThreads.some(({ threads }) => threads === known.threads))
        return runsOf(this.#times, known.threads);
      return this.current.threads === known.threads ? this.current : known;
    };
    return {
      threads: known.threads,
      get chunkTokens() {
        return runs().chunkTokens;
      },
      get longChunkTokens() {
        return runs().longChunkTokens;
      },
    };
  }

  /** The provider that was found to be fastest, if one here is faster than the processor. */
  get provider(): string | undefined {
    return fastestProvider(otherProviders(), this.current.providers);
  }

  /** Providers of this machine's runtime that nothing is known of yet, or any more. */
  get untried(): readonly string[] {
    const now = Date.now();
    return otherProviders().filter((name) => {
      const finding = this.current.providers[name];
      return finding === undefined || (finding.tryAgainAt ?? Number.POSITIVE_INFINITY) <= now;
    });
  }

  get findings(): Readonly<Record<string, ProviderFinding>> {
    return this.current.providers;
  }

  /** Takes measurements into account, unless other programs disturbed them: better none than wrong ones. */
  async use(times: LinearTimes): Promise<void> {
    if (times.isDisturbed) return;
    this.#times = times;
    const threads = chooseThreads(times.byThreads);
    const tokenMs = tokenMsOf(times, threads, PROBE_ROWS);
    this.current = { ...this.current, threads, ...runsOf(times, threads), tokenMs };
    this.measured = true;
    await this.file.set(this.key, this.current);
  }

  /** Does `work` unless another window is measuring or trying something now. */
  async inTurn(work: () => Promise<void>): Promise<void> {
    await inTurn(this.folder, work);
  }

  /** Takes over what another window has found out meanwhile. */
  async takeFromOthers(): Promise<void> {
    const newest = await this.file.get(this.key);
    if (newest === undefined) return;
    this.current = newest;
    this.measured = true;
  }

  async record(provider: string, finding: ProviderFinding): Promise<void> {
    await this.change(provider, () => finding);
  }

  /** Changes what is known of a provider by now: other windows find out, too. */
  async change(provider: string, change: (finding: ProviderFinding) => ProviderFinding): Promise<void> {
    const newest = (await this.file.get(this.key)) ?? this.current;
    const finding = change(newest.providers[provider] ?? this.current.providers[provider]!);
    this.current = { ...newest, providers: { ...newest.providers, [provider]: finding } };
    // Without measurements the entry would pass for measured.
    if (this.measured) await this.file.set(this.key, this.current);
  }
}

function runsOf(times: LinearTimes, threads: number): Pick<Tuning, "chunkTokens" | "longChunkTokens"> {
  const within = (ms: number) => chooseChunkTokens(times, threads, PROBE_ROWS, ms);
  return { chunkTokens: within(LONGEST_RUN_MS), longChunkTokens: within(LONGEST_LONG_RUN_MS) };
}

/** Times the model's matrices: for the user's number of threads, or 0: for those worth trying. Takes processors for itself. */
export async function measureLinears(model: ModelFolder, threads: number): Promise<LinearTimes> {
  const { tensors, kernels } = await buildModelGraph(model);
  const candidates = threads === 0 ? threadCandidates(availableParallelism(), modelBytes(model)) : [threads];
  return timeLinears(model.architecture, tensors, model.folder, kernels, candidates);
}
