// What fits this machine: threads, tokens a run, provider. Measured once for each machine and model, then remembered.

import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { LinearOptions } from "../graph/linear";
import type { StoredTensor } from "../graph/weights";
import type { ModelFolder } from "../modelFolder";
import { otherProviders, RUNTIME_VERSION } from "../onnxModel";
import { chooseChunkTokens, chooseThreads, threadCandidates } from "./choices";
import { PROBE_ROWS, timeLinears } from "./linearProbe";
import { type ProviderFinding, type Tuning, TuningFile, tuningKey } from "./tuningFile";

/** The tuning of one model on this machine, and where it is kept. */
export class ModelTuning {
  private constructor(
    private readonly file: TuningFile,
    private readonly key: string,
    private current: Tuning,
    /** Milliseconds that measuring took; 0 when it was remembered. */
    readonly measuredMs: number,
  ) {}

  /** @param threads the user's choice; 0: what is fastest */
  static async of(
    model: ModelFolder,
    tensors: ReadonlyMap<string, StoredTensor>,
    options: LinearOptions,
    threads: number,
    tuningFolder: string,
  ): Promise<ModelTuning> {
    const file = new TuningFile(join(tuningFolder, "tuning.json"));
    const key = tuningKey(model, RUNTIME_VERSION, threads);
    const known = await file.get(key);
    if (known !== undefined) return new ModelTuning(file, key, known, 0);
    const began = performance.now();
    const candidates = threads === 0 ? threadCandidates(availableParallelism()) : [threads];
    const times = await timeLinears(model.architecture, tensors, model.folder, options, candidates);
    const chosen = chooseThreads(times.byThreads);
    const chunkTokens = chooseChunkTokens(times, chosen, PROBE_ROWS);
    const tuning = { threads: chosen, chunkTokens, providers: {} };
    // Better measured again at the next start than remembered wrong.
    if (!times.isDisturbed) await file.set(key, tuning);
    return new ModelTuning(file, key, tuning, performance.now() - began);
  }

  get threads(): number {
    return this.current.threads;
  }

  get chunkTokens(): number {
    return this.current.chunkTokens;
  }

  /** The provider that was found to be faster, if there is one here. */
  get provider(): string | undefined {
    return otherProviders().find((name) => this.current.providers[name]?.verdict === "faster");
  }

  /** Providers of this machine's runtime that nothing is known of yet. */
  get untried(): readonly string[] {
    return otherProviders().filter((name) => this.current.providers[name] === undefined);
  }

  get findings(): Readonly<Record<string, ProviderFinding>> {
    return this.current.providers;
  }

  async record(provider: string, finding: ProviderFinding): Promise<void> {
    // Another window may have found out about another provider meanwhile.
    const newest = (await this.file.get(this.key)) ?? this.current;
    this.current = { ...newest, providers: { ...newest.providers, [provider]: finding } };
    await this.file.set(this.key, this.current);
  }
}
