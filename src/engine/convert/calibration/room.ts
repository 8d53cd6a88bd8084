// What is calibrated, on how much text, and what that takes on the disk meanwhile. Loads nothing, so that the extension may ask, too.

import type { Architecture } from "../../model/architecture";
import { elementCount } from "../../model/safetensors";
import type { PlannedTensor } from "../plan";
import type { ExpectedTensor } from "../tensors";

/** Of the text: as many as the widest linear of RecurrentGemma 2B has inputs (7,680), and some more. */
export const MOST_TOKENS = 8192;

/** Those that calibration rounds: the linears in 4 bits. */
export function calibrated(tensors: readonly PlannedTensor[]): PlannedTensor[] {
  return tensors.filter(({ encoding }) => encoding.type === "blocks" && encoding.bits === 4);
}

/** What calibration takes on the disk beside the result, at most: the largest layer, and the text before and after a layer. */
export function calibrationBytes(
  { layers, hiddenSize }: Architecture,
  tensors: readonly ExpectedTensor[],
  tokens = MOST_TOKENS,
): number {
  const elements = layers.map((_, index) =>
    tensorsOf(tensors, index).reduce((sum, { shape }) => sum + elementCount(shape), 0),
  );
  return Float32Array.BYTES_PER_ELEMENT * (Math.max(...elements) + 2 * tokens * hiddenSize);
}

export function tensorsOf<T extends ExpectedTensor>(tensors: readonly T[], layer: number): T[] {
  return tensors.filter(({ target }) => target.startsWith(`model.layers.${layer}.`));
}
