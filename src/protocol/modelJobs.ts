// Everything that crosses the boundary between the extension host and the process that works on model folders.
//
// The host forks the process for one job and sends it. The process tells its progress, ends with `done` or `failed`,
// and exits. `cancel` ends it early; then it says `failed` with `wasCancelled`.

/** How a converted model's large matrices are stored. */
export type StoredForm = "int8" | "int4";

export type ModelJob =
  /** Converts a Hugging Face checkpoint; goes on where an earlier, interrupted conversion of the same stopped. */
  | {
      readonly type: "convert";
      readonly checkpointDir: string;
      readonly outDir: string;
      readonly weights: StoredForm;
      /** Whether 4 bits are calibrated on the code that comes with Griffin Code. */
      readonly isCalibrated?: boolean;
    }
  /** Compares every file's hash with what model.json says. */
  | { readonly type: "verify"; readonly folder: string }
  /** Measures how fast the model in `folder` reads and writes on this machine. */
  | { readonly type: "probe"; readonly folder: string }
  /** Times the model's matrices with the given number of threads, or 0: with those worth trying. */
  | { readonly type: "measure"; readonly folder: string; readonly threads: number }
  /** Compares the model on the processor with the model on another of onnxruntime's providers, such as "webgpu". */
  | { readonly type: "tryProvider"; readonly folder: string; readonly provider: string; readonly threads: number };

export type ModelJobResult =
  | { readonly type: "converted"; readonly name: string; readonly displayName: string; readonly bytes: number }
  /** A sentence for each file that is not as it should be. */
  | { readonly type: "verified"; readonly faults: readonly string[] }
  | {
      readonly type: "probed";
      readonly prefillTokensPerSecond: number;
      readonly decodeTokensPerSecond: number;
    }
  | {
      readonly type: "measured";
      readonly times: {
        readonly byThreads: readonly {
          readonly threads: number;
          readonly oneRowMs: number;
          readonly manyRowsMs: number;
        }[];
        readonly share: number;
        readonly isDisturbed: boolean;
      };
    }
  | {
      readonly type: "providerTried";
      readonly trial: {
        readonly cpu: { readonly prefillMs: number; readonly decodeMs: number };
        readonly other: { readonly prefillMs: number; readonly decodeMs: number };
        readonly difference: number;
      };
    };

export type ModelJobHostMessage = { readonly type: "job"; readonly job: ModelJob } | { readonly type: "cancel" };

export type ModelJobMessage =
  | { readonly type: "progress"; readonly doneBytes: number; readonly totalBytes: number }
  | { readonly type: "done"; readonly result: ModelJobResult }
  /** `message` is a sentence for the user. */
  | { readonly type: "failed"; readonly message: string; readonly wasCancelled: boolean };
