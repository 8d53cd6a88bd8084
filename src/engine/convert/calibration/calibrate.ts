// Rounds the large linears of a checkpoint layer after layer, each with knowledge of what text brings to it, while the
// result grows beside it. A stopped calibration goes on with the layer that it had begun.

import { join } from "node:path";
import { removePatiently } from "../../../machine/removePatiently";
import type { Architecture } from "../../model/architecture";
import type { TokenId } from "../../model/model";
import { FLOAT_BYTES } from "../floats";
import { floatsOf, type Kernels } from "../kernels";
import type { PlannedTensor } from "../plan";
import type { Shards } from "../shards";
import { withFiles } from "../taskFiles";
import { wasmKernels } from "../wasmKernels";
import { calibrateLayer, type HiddenText } from "./calibrateLayer";
import { readHidden, removeHidden, saveHidden } from "./hiddenFile";
import { writeLayerFile } from "./layerFile";
import { calibrated, tensorsOf } from "./room";
import { RuntimeProducts } from "./runtimeProducts";
import type { RoundedLinear } from "./tile";

/** Of what is calibrated, on what. */
export interface CalibrationFacts {
  readonly architecture: Architecture;
  /** All of the checkpoint's. */
  readonly tensors: readonly PlannedTensor[];
  readonly sequences: readonly (readonly TokenId[])[];
}

export interface CalibrationTask extends CalibrationFacts {
  readonly shards: Shards;
  /** Where the result grows. */
  readonly folder: string;
  /** Sources of tensors that an earlier attempt has written. */
  readonly done: ReadonlySet<string>;
  /** See RunOptions. */
  readonly threads?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called once for each linear: when it is rounded, or at once where an earlier attempt has written it. */
  onRounded(tensor: PlannedTensor): void;
  /** Called when a layer's linears are written: makes them safe on the disk, so that another attempt may skip them. */
  makeSafe(tensors: readonly PlannedTensor[]): Promise<void>;
}

export async function calibrate(task: CalibrationTask): Promise<void> {
  const { architecture, folder, signal } = task;
  const layers = architecture.layers.map((_, index) => tensorsOf(task.tensors, index));
  const layerFolder = join(folder, LAYER_FOLDER);
  await removePatiently(layerFolder); // of an attempt that crashed
  const kernels = wasmKernels();
  const start = await beginning(task, layers, kernels);
  for (const tensors of layers.slice(0, start.layer)) calibrated(tensors).forEach(task.onRounded);
  const products = await RuntimeProducts.load(signal);
  let { text } = start;
  try {
    for (let layer = start.layer; layer < layers.length; layer++) {
      const byName = new Map(calibrated(layers[layer]!).map((tensor) => [linearOf(tensor), tensor]));
      const blocks = new Map([...byName].map(([name, tensor]) => [name, blockOf(tensor)]));
      const left = new Set(byName.keys());
      const weights = await writeLayerFile(layerFolder, layers[layer]!, task);
      text = await calibrateLayer(
        { architecture, layer, weights, blocks, text },
        {
          products,
          kernels,
          signal,
          onRounded(linear, rounded) {
            const tensor = byName.get(linear)!;
            writeRounded(tensor, rounded, task.shards);
            left.delete(linear);
            task.onRounded(tensor);
          },
        },
      );
      if (left.size > 0) throw new Error(`Calibration does not know how to round ${[...left].join(", ")}.`);
      await saveHidden(folder, layer + 1, text.hidden);
      await task.makeSafe([...byName.values()]);
      // What is still there goes with the next one.
      await removeHidden(folder, layer + 1).catch(() => {});
    }
    await removeHidden(folder);
  } finally {
    await products.dispose();
    // The layers are written, or something else has happened that says more.
    await removePatiently(layerFolder).catch(() => {});
  }
}

const LAYER_FOLDER = "layer";

/** The first layer that is not whole yet, and what comes to it. */
async function beginning(
  task: CalibrationTask,
  layers: readonly (readonly PlannedTensor[])[],
  kernels: Kernels,
): Promise<{ layer: number; text: HiddenText }> {
  const { sequences, folder, done, architecture, tensors } = task;
  const lengths = sequences.map(({ length }) => length);
  const isDone = (tensors: readonly PlannedTensor[]) => calibrated(tensors).every(({ source }) => done.has(source));
  const firstLeft = layers.findIndex((tensors) => !isDone(tensors));
  const layer = firstLeft === -1 ? layers.length : firstLeft;
  if (layer === layers.length) return { layer, text: { lengths, hidden: new Float32Array(0) } };
  const hidden = await readHidden(folder, layer, tokensOf(sequences) * architecture.hiddenSize);
  if (hidden !== undefined) return { layer, text: { lengths, hidden } };
  const embedding = tensors.find(({ treatment }) => treatment === "embedding")!;
  return { layer: 0, text: { lengths, hidden: embedded(architecture, embedding.entry, sequences, kernels) } };
}

/** What goes into the first layer: the tokens' rows of the `embedding`, scaled [tokens, D]. */
function embedded(
  { hiddenSize, embeddingScale }: Architecture,
  { path, offset, dtype }: PlannedTensor["entry"],
  sequences: CalibrationTask["sequences"],
  kernels: Kernels,
): Float32Array {
  const hidden = new Float32Array(tokensOf(sequences) * hiddenSize);
  const [raw, wide] = kernels.allocate([hiddenSize * FLOAT_BYTES[dtype], hiddenSize * 4]);
  const row = floatsOf(wide);
  withFiles((files) =>
    sequences.flat().forEach((token, index) => {
      files.read({ path, offset: offset + token * raw.length }, raw);
      kernels.widen(dtype, raw, row);
      hidden.set(
        row.map((value) => value * embeddingScale),
        index * hiddenSize,
      );
    }),
  );
  return hidden;
}

/** In all of them. */
export function tokensOf(sequences: CalibrationTask["sequences"]): number {
  return sequences.reduce((sum, { length }) => sum + length, 0);
}

function linearOf({ target }: PlannedTensor): string {
  return target.replace(/\.weight$/, "");
}

function blockOf({ encoding }: PlannedTensor): number {
  return encoding.type === "blocks" ? encoding.size : 1;
}

function writeRounded({ outputs }: PlannedTensor, rounded: RoundedLinear, shards: Shards): void {
  withFiles((files) => {
    for (const part of ["weight", "scales", "zeroPoints"] as const) {
      files.write(shards.placeOf(outputs[part]!.name), 0, rounded[part]);
    }
  });
}
