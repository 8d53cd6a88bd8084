// Everything that crosses the boundary to the process that works on model folders.
//
// The extension host, the engine or `griffin doctor` forks the process for one job and sends it. The process tells its
// progress, ends with `done` or `failed`, and exits. `cancel` ends it early; then it says `failed` with `wasCancelled`.

import type { ModelFaultKind } from "./modelFaultKind";

/** Each job: what is asked, and what comes of it. */
export interface Jobs {
  /** Converts a Hugging Face checkpoint; goes on where an earlier, interrupted conversion of the same stopped. */
  readonly convert: {
    readonly asked: {
      readonly checkpointDir: string;
      readonly outDir: string;
      readonly weights: StoredForm;
      /** Whether 4 bits are calibrated on the code that comes with Griffin Code. */
      readonly isCalibrated?: boolean;
    };
    readonly result: { readonly name: string; readonly displayName: string; readonly bytes: number };
  };
  /** Compares every file's hash with what model.json says. */
  readonly verify: {
    readonly asked: { readonly folder: string };
    /** A sentence for each file that is not as it should be. */
    readonly result: { readonly faults: readonly string[] };
  };
  /** Measures how fast the model in `folder` reads and writes on this machine. */
  readonly measureSpeed: {
    readonly asked: { readonly folder: string };
    readonly result: {
      readonly prefillTokensPerSecond: number;
      readonly decodeTokensPerSecond: number;
      /** How fast a large matrix reads at 4 bits here, over the same at 8 bits. */
      readonly fourBitReading: number;
      /** Whether other programs had so much of the processors that these say little. */
      readonly isDisturbed: boolean;
    };
  };
  /** Times the model's matrices with the given number of threads, or 0: with those worth trying. */
  readonly timeLinears: {
    readonly asked: { readonly folder: string; readonly threads: number };
    readonly result: LinearTimes;
  };
  /** Compares the model on the processor with the model on another of onnxruntime's providers, such as "webgpu". */
  readonly tryProvider: {
    readonly asked: { readonly folder: string; readonly provider: string; readonly threads: number };
    readonly result: ProviderTrial;
  };
}

export type JobType = keyof Jobs;
export type ModelJob<Type extends JobType = JobType> = {
  readonly [One in Type]: { readonly type: One } & Jobs[One]["asked"];
}[Type];
export type JobResult<Type extends JobType = JobType> = Jobs[Type]["result"];

/** How a converted model's large matrices are stored. */
export type StoredForm = "int8" | "int4";

/** What was measured with one number of threads: milliseconds for the probe's linears. */
export interface ThreadTimes {
  readonly threads: number;
  /** One token: writing. */
  readonly oneRowMs: number;
  /** `PROBE_ROWS` tokens: reading. */
  readonly manyRowsMs: number;
}

export interface LinearTimes {
  readonly byThreads: readonly ThreadTimes[];
  /** The share of all the layers' weights, by their bytes, that the probe runs. */
  readonly share: number;
  /** Whether other programs took so much of the processors that the times say little. */
  readonly isDisturbed: boolean;
}

/** What a model did on the processor and on another provider. */
export interface ProviderTrial {
  readonly cpu: ProviderTimes;
  readonly other: ProviderTimes;
  /** Root mean square of the logits' difference, over that of the processor's logits. */
  readonly difference: number;
}

export interface ProviderTimes {
  readonly prefillMs: number;
  readonly decodeMs: number;
}

export type ModelJobHostMessage = { readonly type: "job"; readonly job: ModelJob } | { readonly type: "cancel" };

export interface JobProgress {
  readonly doneBytes: number;
  readonly totalBytes: number;
  /** Of those that are done: by an earlier attempt. */
  readonly earlierBytes: number;
}

export type ModelJobMessage =
  | ({ readonly type: "progress" } & JobProgress)
  | { readonly type: "done"; readonly result: JobResult }
  | ({ readonly type: "failed"; readonly wasCancelled: boolean } & JobFailure);

export interface JobFailure {
  /** A sentence for the user. Where a model is at fault, the host adds what to do about it. */
  readonly message: string;
  readonly fault?: ModelFaultKind;
  /** The system's, such as `ENOSPC`. */
  readonly code?: string | undefined;
}
