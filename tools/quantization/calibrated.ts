// The linears of a model folder in float32 as the converter's calibration rounds them.

import { join } from "node:path";
import { embedded } from "../../src/engine/convert/calibration/calibrate";
import {
  calibrateLayer,
  type HiddenText,
  type LayerWeights,
  type Tools,
} from "../../src/engine/convert/calibration/calibrateLayer";
import { layerWeights } from "../../src/engine/convert/calibration/layerFile";
import { RuntimeProducts } from "../../src/engine/convert/calibration/runtimeProducts";
import type { RoundedLinear } from "../../src/engine/convert/calibration/tile";
import { KEPT_AT_8 } from "../../src/engine/convert/encode";
import { wasmKernels } from "../../src/engine/convert/wasmKernels";
import { readTensors } from "../../src/engine/model/loadModel";
import type { TokenId } from "../../src/engine/model/model";
import type { ModelFolder } from "../../src/engine/model/modelFolder";

export const GPTQ_BLOCK = 32;

/** Changes the folder's weights: what is not rounded yet must not count on what is. */
export async function calibratedLinears(
  about: ModelFolder,
  sequences: readonly (readonly TokenId[])[],
): Promise<Map<string, RoundedLinear>> {
  const result = new Map<string, RoundedLinear>();
  const weights = await weightsOf(about);
  const tools = await loadTools((linear, rounded) => result.set(linear, rounded));
  let text = textOf(about, weights, sequences);
  const { architecture } = about;
  for (let layer = 0; layer < architecture.layers.length; layer++) {
    text = await calibrateLayer({ architecture, layer, weights, blocks: blocksOf(weights, layer), text }, tools);
  }
  return result;
}

export async function loadTools(onRounded: Tools["onRounded"]): Promise<Tools> {
  return {
    products: await RuntimeProducts.load(0),
    kernels: wasmKernels(),
    runtimeThreads: 0,
    onRounded,
  };
}

/** The linears of a layer that are calibrated. */
export function blocksOf({ tensors }: LayerWeights, layer: number): Map<string, number> {
  const linears = [...tensors.keys()]
    .filter((name) => name.startsWith(`model.layers.${layer}.`) && /(_proj|linear_(x|y|out))\.weight$/.test(name))
    .filter((name) => !KEPT_AT_8.test(name));
  return new Map(linears.map((name) => [name.replace(/\.weight$/, ""), GPTQ_BLOCK]));
}

export async function weightsOf(about: ModelFolder): Promise<LayerWeights> {
  return layerWeights(about.folder, await readTensors(about));
}

/** What goes into the first layer. */
export function textOf(
  { architecture }: ModelFolder,
  { folder, tensors }: LayerWeights,
  sequences: readonly (readonly TokenId[])[],
): HiddenText {
  const { file, offset } = tensors.get("model.embed_tokens.weight")!;
  const embedding = { path: join(folder, file), offset, dtype: "F32" } as const;
  const lengths = sequences.map(({ length }) => length);
  return { lengths, hidden: embedded(architecture, embedding, sequences) };
}
