// A layer's tensors in float32, in a file of their own beside the growing result: what onnxruntime maps into memory, and
// where rounded weights take the place of the others.

import { mkdir } from "node:fs/promises";
import { basename, join } from "node:path";
import type { StoredTensor } from "../../graph/weights";
import { byteLength } from "../../model/safetensors";
import { encodeTasksOf } from "../encodeTasks";
import { planTensors, specsOf } from "../plan";
import { Shards } from "../shards";
import { type Place, withFiles } from "../taskFiles";
import { runTasks } from "../taskRunner";
import type { CheckedTensor } from "../tensors";
import type { LayerWeights } from "./calibrateLayer";

export interface WriteOptions {
  readonly signal?: AbortSignal | undefined;
  /** See RunOptions. */
  readonly threads?: number | undefined;
}

/** @param tensors of the layer, as the checkpoint has them; the file is the caller's to remove, with the folder */
export async function writeLayerFile(
  folder: string,
  tensors: readonly CheckedTensor[],
  { signal, threads }: WriteOptions,
): Promise<LayerWeights> {
  const planned = planTensors(tensors, "float32");
  await mkdir(folder, { recursive: true });
  const shards = new Shards(folder, specsOf(planned), Number.POSITIVE_INFINITY);
  await shards.create();
  const waiting = planned.flatMap((tensor) => encodeTasksOf(tensor, shards));
  await runTasks({ signal, threads, next: () => waiting.shift(), onDone: () => {} });
  const stored = new Map<string, StoredTensor>();
  for (const [name, spec] of specsOf(planned)) {
    const { path, offset } = shards.placeOf(name);
    stored.set(name, { ...spec, file: basename(path), offset, bytes: byteLength(spec) });
  }
  return layerWeights(folder, stored);
}

/** @param tensors in float32, in files of `folder` */
function layerWeights(folder: string, tensors: ReadonlyMap<string, StoredTensor>): LayerWeights {
  const rangeOf = (name: string): Place => {
    const { file, offset } = tensors.get(name)!;
    return { path: join(folder, file), offset };
  };
  return {
    folder,
    tensors,
    read(name) {
      const values = new Float32Array(tensors.get(name)!.bytes / 4);
      withFiles((files) => files.read(rangeOf(name), new Uint8Array(values.buffer)));
      return values;
    },
    write: (name, values) => withFiles((files) => files.write(rangeOf(name), 0, values)),
  };
}
