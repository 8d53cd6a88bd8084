// The linears of a model folder in float32 as the converter's calibration rounds them.

import { closeSync, openSync, readSync, writeSync } from "node:fs";
import { join } from "node:path";
import {
  calibrateLayer,
  type HiddenText,
  type LayerWeights,
  type Tools,
} from "../../src/engine/convert/calibration/calibrateLayer";
import type { RoundedLinear } from "../../src/engine/convert/calibration/roundLinear";
import { RuntimeProducts } from "../../src/engine/convert/calibration/runtimeProducts";
import { plainKernels } from "../../src/engine/convert/plainKernels";
import { wasmKernels } from "../../src/engine/convert/wasmKernels";
import { readTensors } from "../../src/engine/model/loadModel";
import type { TokenId } from "../../src/engine/model/model";
import type { ModelFolder } from "../../src/engine/model/modelFolder";

export const GPTQ_BLOCK = 32;

/** As in the converter, keys and values stay at 8 bits. */
const KEPT = /\.(k|v)_proj$/;

/** Changes the folder's weights: what is not rounded yet must not count on what is. */
export async function calibratedLinears(
  about: ModelFolder,
  sequences: readonly (readonly TokenId[])[],
): Promise<Map<string, RoundedLinear>> {
  const result = new Map<string, RoundedLinear>();
  const weights = await weightsOf(about);
  const tools = await loadTools((linear, rounded) => result.set(linear, rounded));
  let text = embedded(about, weights, sequences);
  const { architecture } = about;
  for (let layer = 0; layer < architecture.layers.length; layer++) {
    text = await calibrateLayer({ architecture, layer, weights, blocks: blocksOf(weights, layer), text }, tools);
  }
  return result;
}

export async function loadTools(onRounded: Tools["onRounded"]): Promise<Tools> {
  return { products: await RuntimeProducts.load(0), kernels: wasmKernels() ?? plainKernels, threads: 0, onRounded };
}

/** The linears of a layer that are calibrated. */
export function blocksOf({ tensors }: LayerWeights, layer: number): Map<string, number> {
  const linears = [...tensors.keys()]
    .filter((name) => name.startsWith(`model.layers.${layer}.`) && /(_proj|linear_(x|y|out))\.weight$/.test(name))
    .map((name) => name.replace(/\.weight$/, ""));
  return new Map(linears.filter((name) => !KEPT.test(name)).map((name) => [name, GPTQ_BLOCK]));
}

export async function weightsOf(about: ModelFolder): Promise<LayerWeights> {
  const tensors = await readTensors(about);
  const withFile = (name: string, work: (file: number, offset: number) => void) => {
    const { file, offset } = tensors.get(name)!;
    const handle = openSync(join(about.folder, file), "r+");
    work(handle, offset);
    closeSync(handle);
  };
  return {
    folder: about.folder,
    tensors,
    read(name) {
      const values = new Float32Array(tensors.get(name)!.bytes / 4);
      withFile(name, (file, offset) => readSync(file, values, 0, values.byteLength, offset));
      return values;
    },
    write: (name, values) => withFile(name, (file, offset) => writeSync(file, values, 0, values.byteLength, offset)),
  };
}

/** What goes into the first layer. */
export function embedded(
  { architecture: { hiddenSize, embeddingScale } }: ModelFolder,
  weights: LayerWeights,
  sequences: readonly (readonly TokenId[])[],
): HiddenText {
  const embedding = weights.read("model.embed_tokens.weight");
  const tokens = sequences.flat();
  const hidden = new Float32Array(tokens.length * hiddenSize);
  tokens.forEach((token, index) => {
    const row = embedding.subarray(token * hiddenSize, (token + 1) * hiddenSize);
    hidden.set(
      row.map((value) => value * embeddingScale),
      index * hiddenSize,
    );
  });
  return { lengths: sequences.map(({ length }) => length), hidden };
}
