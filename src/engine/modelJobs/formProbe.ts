// How fast this machine reads with weights of 4 bits, compared with 8: each form has kernels of its own, and the processor
// decides which of them is faster.

import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { removeLeftFolders } from "../../machine/leftFolders";
import { removePatiently } from "../../machine/removePatiently";
import type { StoredForm } from "../../protocol/modelJobs";
import { encodingOf, outputsOf } from "../convert/encoding";
import { specsOf } from "../convert/plan";
import type { ExpectedTensor } from "../convert/tensors";
import type { Kernels } from "../graph/kernels";
import type { StoredTensor } from "../graph/weights";
import { processorKernels } from "../model/loadModel";
import { layoutSafetensors } from "../model/safetensors";
import { probeGraph, timeGraph } from "../tuning/linearProbe";

/** One of RecurrentGemma 2B. */
const LINEAR = { names: ["probe"], inSize: 2560, outSize: 7680 };
/** Tokens that are read at once. */
const ROWS = 64;

const FOLDER_PREFIX = "griffin-probe-";
const PROBE_FOLDER = new RegExp(`^${FOLDER_PREFIX}`);
/** An older folder was left behind by a process that was killed. */
const OLDEST_FOLDER_MS = 3_600_000;

/** How many times as fast as at 8 bits. Throws the signal's reason when it is aborted. */
export async function fourBitReading(signal: AbortSignal): Promise<number> {
  await removeLeftFolders(PROBE_FOLDER, (_, { mtimeMs }) => Date.now() - mtimeMs >= OLDEST_FOLDER_MS);
  const folder = await mkdtemp(join(tmpdir(), FOLDER_PREFIX));
  try {
    const kernels = await processorKernels();
    signal.throwIfAborted();
    const int8Ms = await readingMs("int8", folder, kernels);
    signal.throwIfAborted();
    return int8Ms / (await readingMs("int4", folder, kernels));
  } finally {
    // What stays is removed another time.
    await removePatiently(folder).catch(() => {});
  }
}

async function readingMs(form: StoredForm, folder: string, kernels: Kernels): Promise<number> {
  const graph = probeGraph(LINEAR, await writeLinear(form, folder), kernels);
  const [timed] = await timeGraph(graph, folder, { threads: 0, width: LINEAR.inSize, rows: [ROWS] });
  return timed!.fastestMs;
}

/** Stores the linear as a conversion would. */
async function writeLinear(form: StoredForm, folder: string): Promise<ReadonlyMap<string, StoredTensor>> {
  const name = `${LINEAR.names[0]}.weight`;
  const shape = [LINEAR.outSize, LINEAR.inSize];
  const linear: ExpectedTensor = { source: name, target: name, shape, treatment: "linear" };
  const { fileBytes, tensors } = layoutSafetensors(specsOf([{ outputs: outputsOf(linear, encodingOf(linear, form)) }]));
  // Bytes that are small numbers also where four of them are a float.
  const values = Uint32Array.from(
    { length: Math.ceil(fileBytes / 4) },
    (_, i) => 0x3c000000 | ((i * 40503) & 0xffffff),
  );
  const file = `${form}.safetensors`;
  await writeFile(join(folder, file), values);
  return new Map([...tensors].map(([tensor, entry]) => [tensor, { ...entry, file }]));
}
