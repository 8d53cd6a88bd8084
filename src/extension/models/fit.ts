// Whether a model fits a machine, and about how fast it will be there. Arithmetic on plain numbers.

import type { StoredForm } from "../../protocol/modelJobs";
import type { CatalogueModel } from "./catalogue";
import { gigabytes } from "./faults";

export interface Machine {
  readonly totalMemoryBytes: number;
  readonly freeMemoryBytes: number;
  /** Where models are kept. */
  readonly freeDiskBytes: number;
}

/** What a model that was measured did on this machine. */
export interface Probe {
  /** The measured model's weights on the disk: what is read for each token. */
  readonly storedBytes: number;
  readonly decodeTokensPerSecond: number;
  readonly prefillTokensPerSecond: number;
}

export interface Fit {
  /** `tight`: it works, but something has to give way, as `reason` says. */
  readonly verdict: "fits" | "tight" | "no";
  /** A sentence, when it does not simply fit. */
  readonly reason?: string;
}

/** The process itself, the states, and what a run needs for its own: measured 0.2 to 0.4 GB with the bundled model. */
const ENGINE_BYTES = 500_000_000;
/** The system and an editor. */
const OTHERS_BYTES = 2_000_000_000;

/** Weights are read from the disk's cache where they lie, but have to stay in memory for the model to be fast. */
export function memoryBytes(storedBytes: number): number {
  return storedBytes + ENGINE_BYTES;
}

/** The most that lies on the disk during an installation: what was fetched, and what becomes of it. */
export function installBytes(model: CatalogueModel, form: StoredForm): number {
  return model.downloadBytes + model.storedBytes[form];
}

export function fitMemory(storedBytes: number, machine: Machine): Fit {
  const needed = memoryBytes(storedBytes);
  if (needed + OTHERS_BYTES > machine.totalMemoryBytes) {
    const has = gigabytes(machine.totalMemoryBytes);
    return {
      verdict: "no",
      reason: `It needs about ${gigabytes(needed)} of memory; this machine has ${has} for everything.`,
    };
  }
  if (needed > machine.freeMemoryBytes) {
    const free = gigabytes(machine.freeMemoryBytes);
    return { verdict: "tight", reason: `It needs about ${gigabytes(needed)} of memory, and ${free} are free now.` };
  }
  return { verdict: "fits" };
}

/** @param presentBytes of the download, from an earlier attempt */
export function fitInstall(model: CatalogueModel, form: StoredForm, machine: Machine, presentBytes = 0): Fit {
  const needed = installBytes(model, form) - presentBytes;
  if (needed > machine.freeDiskBytes) {
    const free = gigabytes(machine.freeDiskBytes);
    return {
      verdict: "no",
      reason: `It takes ${gigabytes(needed)} on the disk while it is installed, and ${free} are free.`,
    };
  }
  return fitMemory(model.storedBytes[form], machine);
}

/** The form that suits a machine: the finer one that fits. */
export function bestForm(model: CatalogueModel, forms: readonly StoredForm[], machine: Machine): StoredForm {
  const byVerdict = (verdict: Fit["verdict"]) =>
    forms.find((form) => fitInstall(model, form, machine).verdict === verdict);
  return byVerdict("fits") ?? byVerdict("tight") ?? forms.at(-1)!;
}

/**
 * Tokens a second, scaled by the bytes that are read for each: on a processor, writing is bound by memory, and reading
 * goes with the weights too. A small model spends part of its time on other things, so a large one may be faster.
 */
export function scaleProbe(
  probe: Probe,
  storedBytes: number,
): Pick<Probe, "decodeTokensPerSecond" | "prefillTokensPerSecond"> {
  const share = probe.storedBytes / storedBytes;
  return {
    decodeTokensPerSecond: probe.decodeTokensPerSecond * share,
    prefillTokensPerSecond: probe.prefillTokensPerSecond * share,
  };
}

export function describeSpeed(tokensPerSecond: number): string {
  return `about ${tokensPerSecond < 10 ? tokensPerSecond.toPrecision(1) : Math.round(tokensPerSecond)} tokens/s`;
}
