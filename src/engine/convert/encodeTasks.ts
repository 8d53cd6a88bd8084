// Cuts what is to be done with a tensor into tasks that share nothing.

import { byteLength, elementCount } from "../model/safetensors";
import type { EncodeTask } from "./encodeRows";
import { FLOAT_BYTES } from "./floats";
import type { PlannedTensor } from "./plan";
import type { Shards } from "./shards";

/** Large tensors are cut into tasks of about this many bytes of the checkpoint, where their form allows it. */
const TASK_BYTES = 32 * 2 ** 20;

/** What writes the tensor into its shards. */
export function encodeTasksOf(tensor: PlannedTensor, shards: Shards): EncodeTask[] {
  const { source, entry, encoding, outputs } = tensor;
  const rows = tensor.shape[0]!;
  const columns = elementCount(tensor.shape.slice(1));
  const rowBytes = columns * FLOAT_BYTES[entry.dtype];
  const rowsAtOnce = encoding.type === "rows8" ? rows : Math.max(1, Math.floor(TASK_BYTES / rowBytes));
  const tasks: EncodeTask[] = [];
  for (let first = 0; first < rows; first += rowsAtOnce) {
    const places = Object.entries(outputs).map(([part, output]) => {
      const { path, offset } = shards.placeOf(output.name);
      return [part, { path, offset: offset + (first * byteLength(output)) / rows }];
    });
    tasks.push({
      type: "encode",
      tensor: source,
      encoding,
      columns,
      rows: Math.min(rowsAtOnce, rows - first),
      source: { path: entry.path, offset: entry.offset + first * rowBytes, dtype: entry.dtype },
      outputs: Object.fromEntries(places),
    });
  }
  return tasks;
}
