// What fits this machine: threads, tokens a run, provider. Measured once for each machine and model, then remembered.

import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { LinearTimes } from "../../protocol/modelJobs";
import { buildModelGraph } from "../model/loadModel";
import type { RunLengths } from "../model/model";
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
import { timeLinears } from "./linearProbe";
import { type ProviderFinding, type Tuning, TuningFile, tuningKey } from "./tuningFile";
import { inTurn } from "./turn";

/** What the model is loaded with: other threads, or a provider, that are found to be faster are used from the next start on. */
interface Loaded {
  readonly threads: number;
  /** Undefined: the processor alone. */
  readonly provider: string | undefined;
  /** See tokenMsOf: with those threads. */
  readonly tokenMs: number | undefined;
}

/** The tuning of one model on this machine, and where it is kept. */
export class ModelTuning implements RunLengths {
  #loaded: Loaded;

  private constructor(
    private readonly file: TuningFile,
    private readonly key: string,
    private current: Tuning,
    private readonly unmeasuredChunkTokens: number,
    private readonly folder: string,
  ) {
    this.#loaded = fastest(current);
  }

  /**
   * What is remembered, or else what is safe anywhere.
   * @param threads the user's choice; 0: what is fastest
   */
  static async of(model: ModelFolder, threads: number, tuningFolder: string): Promise<ModelTuning> {
    const file = new TuningFile(join(tuningFolder, "tuning.json"));
    const key = tuningKey(model, RUNTIME_VERSION, threads);
    const known = await file.get(key);
    const safe = { threads: threads || unmeasuredThreads(availableParallelism()), tokenMs: undefined, providers: {} };
    return new ModelTuning(file, key, known ?? safe, unmeasuredChunkTokens(modelBytes(model)), tuningFolder);
  }

  /** Whether the threads were measured here. */
  get isMeasured(): boolean {
    return this.current.tokenMs !== undefined;
  }

  get threads(): number {
    return this.current.threads;
  }

  /** For the model as it is loaded, like all that is about its runs. */
  get chunkTokens(): number {
    return this.#tokensWithin(LONGEST_RUN_MS);
  }

  get longChunkTokens(): number {
    return this.#tokensWithin(LONGEST_LONG_RUN_MS);
  }

  /** About how long each token takes to read; undefined: not measured. */
  get tokenMs(): number | undefined {
    const { provider, tokenMs } = this.#loaded;
    const gain = provider === undefined ? undefined : this.current.providers[provider]?.gain;
    return tokenMs === undefined ? undefined : tokenMs / (gain ?? 1);
  }

  /** Notes what the model is loaded with from now on, and tells it. */
  beginLoad(): Loaded {
    this.#loaded = fastest(this.current);
    return this.#loaded;
  }

  /** The provider that was found to be fastest, if one here is faster than the processor. */
  get provider(): string | undefined {
    return fastest(this.current).provider;
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
    const threads = chooseThreads(times.byThreads);
    this.current = { ...this.current, threads, tokenMs: tokenMsOf(times, threads) };
    this.#loaded = { ...this.#loaded, tokenMs: tokenMsOf(times, this.#loaded.threads) };
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
    const { threads, tokenMs } = newest;
    // How fast other threads are says nothing of those here.
    if (threads === this.#loaded.threads) this.#loaded = { ...this.#loaded, tokenMs };
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
    if (this.isMeasured) await this.file.set(this.key, this.current);
  }

  #tokensWithin(longestMs: number): number {
    return this.tokenMs === undefined ? this.unmeasuredChunkTokens : chooseChunkTokens(this.tokenMs, longestMs);
  }
}

function fastest({ threads, tokenMs, providers }: Tuning): Loaded {
  return { threads, provider: fastestProvider(otherProviders(), providers), tokenMs };
}

/** Times the model's matrices: for the user's number of threads, or 0: for those worth trying. Takes processors for itself. */
export async function measureLinears(model: ModelFolder, threads: number): Promise<LinearTimes> {
  const { tensors, kernels } = await buildModelGraph(model);
  const candidates = threads === 0 ? threadCandidates(availableParallelism(), modelBytes(model)) : [threads];
  return timeLinears(model.architecture, tensors, model.folder, kernels, candidates);
}
