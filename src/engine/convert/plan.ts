// What a conversion makes of each tensor, before anything is written.

import { byteLength, type TensorSpec } from "../model/safetensors";
import { type Encoding, encodingOf, type Output, outputsOf, type Part, type WeightForm } from "./encoding";
import type { CheckedTensor } from "./tensors";

/** A tensor of the checkpoint with what becomes of it. */
export interface PlannedTensor extends CheckedTensor {
  readonly encoding: Encoding;
  readonly outputs: Readonly<Partial<Record<Part, Output>>>;
}

export function planTensors(tensors: readonly CheckedTensor[], form: WeightForm): PlannedTensor[] {
  return tensors.map((tensor) => {
    const encoding = encodingOf(tensor, form);
    return { ...tensor, encoding, outputs: outputsOf(tensor, encoding) };
  });
}

/** The stored tensors of all, by name. */
export function specsOf(tensors: readonly Pick<PlannedTensor, "outputs">[]): ReadonlyMap<string, TensorSpec> {
  return new Map(
    tensors.flatMap(({ outputs }) => Object.values(outputs).map(({ name, dtype, shape }) => [name, { dtype, shape }])),
  );
}

export function bytesOf(tensors: readonly PlannedTensor[]): number {
  return [...specsOf(tensors).values()].reduce((sum, spec) => sum + byteLength(spec), 0);
}
