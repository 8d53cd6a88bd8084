// Who takes part, in the order of the table, and how each is set up and started.

import { join } from "node:path";
import { ENGINE_ENVIRONMENT } from "../../src/machine/processes";
import { root } from "../setUp/paths.mjs";
import type { Command } from "./contenderProcess";
import { ensureCandle, ensureCandleQuantized, ensureGriffin, ensurePython } from "./setUp";

export interface Contender {
  readonly name: string;
  /** Gets what it needs, which may take minutes the first time, and says how it is started. */
  readonly prepare: (checkpoint: string, threads: number) => Promise<Command>;
}

/** Whose logits the others are held to: the authors' own program, not rounded. */
export const REFERENCE = "deepmind-float32";

export const CONTENDERS: readonly Contender[] = [
  python("deepmind", "float32"),
  python("deepmind", "bfloat16"),
  python("transformers", "float32"),
  python("transformers", "bfloat16"),
  candle("float32", () => "float32"),
  candle("bfloat16", () => "bfloat16"),
  candle("q4k", ensureCandleQuantized),
  griffin("int8"),
  griffin("int4"),
];

export function isOurs(name: string): boolean {
  return name.startsWith("griffin");
}

function python(library: string, dtype: string): Contender {
  return {
    name: `${library}-${dtype}`,
    prepare: async (checkpoint, threads) => ({
      file: await ensurePython(),
      args: [join(root, "tools/sideBySide/python/contender.py"), library, checkpoint, dtype],
      env: { OMP_NUM_THREADS: String(threads), HF_HUB_OFFLINE: "1" },
    }),
  };
}

/** @param argument what candle's program is given after the checkpoint: a type, or a file */
function candle(form: string, argument: (checkpoint: string) => string | Promise<string>): Contender {
  return {
    name: `candle-${form}`,
    prepare: async (checkpoint, threads) => ({
      file: await ensureCandle(),
      args: ["run", checkpoint, await argument(checkpoint)],
      env: { RAYON_NUM_THREADS: String(threads) },
    }),
  };
}

function griffin(weights: "int8" | "int4"): Contender {
  return {
    name: `griffin-${weights}`,
    // The bundle that this is in, asked to be the contender (main.ts).
    prepare: async (checkpoint, threads) => ({
      file: process.execPath,
      args: [process.argv[1]!, "griffin", await ensureGriffin(checkpoint, weights), String(threads)],
      // As the extension starts the engine.
      env: ENGINE_ENVIRONMENT,
    }),
  };
}
