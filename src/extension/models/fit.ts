// Whether a model fits a machine, and about how fast it will be there. Arithmetic on plain numbers.

import { bytesToCome } from "../../machine/diskRoom";
import type { StoredForm } from "../../protocol/modelJobs";
import { size } from "../phrases";
import { type CatalogueModel, FORMS, folderNameOf, type ModelForm, storedForm } from "./catalogue";

/** Where models are kept. */
export interface Room {
  readonly freeDiskBytes: number;
  /** What is here of downloads, from earlier attempts, by the models' ids. */
  readonly downloadedBytes: Readonly<Record<string, number>>;
  /** What is here of conversions, from earlier attempts, by the names of the models' folders. */
  readonly convertedBytes: Readonly<Record<string, number>>;
}

export interface Machine extends Room {
  readonly totalMemoryBytes: number;
  /** What a program can have now. */
  readonly availableMemoryBytes: number;
}

/** A model's weights as they lie on the disk. */
export interface StoredWeights {
  readonly bytes: number;
  readonly form: StoredForm;
}

/** What a model that was measured did on this machine. */
export interface Probe {
  /** The measured model's weights on the disk: what is read for each token. */
  readonly storedBytes: number;
  readonly decodeTokensPerSecond: number;
  readonly prefillTokensPerSecond: number;
  /** How fast a large matrix reads at 4 bits, over the same at 8 bits. */
  readonly fourBitReading: number;
  /** Other programs were busy meanwhile, without which it would have been faster. */
  readonly isDisturbed: boolean;
}

export type Speeds = Pick<Probe, "decodeTokensPerSecond" | "prefillTokensPerSecond">;

export interface Fit {
  /** `tight`: it works, but something has to give way, as `reason` says. */
  readonly verdict: "fits" | "tight" | "no";
  /** A sentence, when it does not simply fit. */
  readonly reason?: string;
}

/**
 * The process itself, a tokenizer of 256,000 words, what a run needs for its own, and what is kept of a repository and of documents.
 * Measured with random weights in the 2B layout at 8 bits (2.79 GB), with a small tokenizer: 3.1 GB when it is loaded, 3.3 with a small
 * repository, 3.7 to 3.8 in its first document.
 */
const ENGINE_BYTES = 1_200_000_000;
/** The system and an editor. */
const OTHERS_BYTES = 2_000_000_000;

/**
 * Weights are read where they lie and stay in memory while they are used; onnxruntime also keeps 4-bit weights in an
 * order of its own. Measured with random weights in the 2B layout, without a tokenizer: at most 3.25 GB resident for
 * 2.84 GB at 8 bits, 3.14 GB for 2.12 GB at 4 bits.
 */
const MEMORY_SHARE: Readonly<Record<StoredForm, number>> = { int8: 1, int4: 1.25 };

/** Of one engine: each window has its own. */
export function memoryBytes({ bytes, form }: StoredWeights): number {
  return bytes * MEMORY_SHARE[form] + ENGINE_BYTES;
}

export function fitMemory(weights: StoredWeights, { totalMemoryBytes, availableMemoryBytes }: Machine): Fit {
  const needed = memoryBytes(weights);
  const needs = `It needs about ${size(needed)} of memory in each window`;
  if (needed + OTHERS_BYTES > totalMemoryBytes) {
    return { verdict: "no", reason: `${needs}; this machine has ${size(totalMemoryBytes)} for everything.` };
  }
  if (needed > availableMemoryBytes) {
    return { verdict: "tight", reason: `${needs}, and ${size(availableMemoryBytes)} is free now.` };
  }
  return { verdict: "fits" };
}

/** What an installation takes: of a model of the catalogue, or of a checkpoint that is here already. */
export type Sizes = Pick<CatalogueModel, "id" | "downloadBytes" | "storedBytes" | "calibrationBytes">;

export function weightsOf({ storedBytes }: Sizes, form: ModelForm): StoredWeights {
  const stored = storedForm(form);
  return { bytes: storedBytes[stored], form: stored };
}

/** What an installation still takes on the disk. What an earlier attempt has left is there already. */
export function roomNeeded(sizes: Sizes, form: ModelForm, room: Room): number {
  const { id, downloadBytes, calibrationBytes } = sizes;
  const conversionBytes = weightsOf(sizes, form).bytes + (form === "int4-calibrated" ? calibrationBytes : 0);
  return bytesToCome(
    { planned: downloadBytes, present: room.downloadedBytes[id] ?? 0 },
    { planned: conversionBytes, present: room.convertedBytes[folderNameOf(id, form)] ?? 0 },
  );
}

export function fitInstall(sizes: Sizes, form: ModelForm, machine: Machine): Fit {
  const needed = roomNeeded(sizes, form, machine);
  if (needed > machine.freeDiskBytes) {
    const free = size(machine.freeDiskBytes);
    return {
      verdict: "no",
      reason: `It takes ${size(needed)} on the disk while it is installed, and ${free} is free.`,
    };
  }
  return fitMemory(weightsOf(sizes, form), machine);
}

/** The form that suits a machine: the finer one that fits; where none does, what needs least. */
export function bestForm(sizes: Sizes, machine: Machine): ModelForm {
  const byVerdict = (verdict: Fit["verdict"]) =>
    FORMS.find((form) => fitInstall(sizes, form, machine).verdict === verdict);
  return byVerdict("fits") ?? byVerdict("tight") ?? "int4";
}

/** Bytes of a model at 8 bits, for one at 4. */
const BYTES_AT_8: Readonly<Record<StoredForm, number>> = { int8: 1, int4: 4 / 3 };

/**
 * Tokens a second, scaled by the bytes of the weights: on a processor, writing is bound by reading them. Reading is bound by
 * arithmetic, which has its own speed at 4 bits. This errs on the slow side, because a small model spends part of its time on
 * other things: with random weights in the 2B layout, beside the bundled model on the same busy cores, 8 bits wrote 2.4 times
 * as fast as this says.
 */
export function scaleProbe(probe: Probe, { bytes, form }: StoredWeights): Speeds {
  const share = probe.storedBytes / bytes;
  return {
    decodeTokensPerSecond: probe.decodeTokensPerSecond * share,
    prefillTokensPerSecond:
      ((probe.prefillTokensPerSecond * share) / BYTES_AT_8[form]) * (form === "int4" ? probe.fourBitReading : 1),
  };
}
