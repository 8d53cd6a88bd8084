// A Hugging Face checkpoint of RecurrentGemma → a model folder (models/README.md).
//
// Tensors stream through in slices: the largest thing in memory is one linear's int8 form. The result appears under
// its name only when it is whole; until then it grows in a folder of its own, where a stopped conversion goes on.

import { copyFile, mkdir, rm, stat, statfs, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { MODEL_FORMAT_VERSION, TOKENIZER_FILE } from "../modelFolder";
import { byteLength } from "../safetensors";
import { type Checkpoint, openCheckpoint, readRows } from "./checkpoint";
import { parseCheckpointConfig } from "./config";
import { describeModel } from "./describe";
import { type Encoder, encoderFor, type WeightForm } from "./encode";
import { FLOAT_BYTES } from "./floats";
import { fileFacts, ShardWriter } from "./shards";
import { type CheckedTensor, checkTensors, expectedTensors } from "./tensors";
import { WorkFolder } from "./workFolder";

export interface ConvertOptions {
  readonly checkpointDir: string;
  /** Must not exist yet. */
  readonly outDir: string;
  readonly weights: WeightForm;
  /** Convert although the checkpoint has no tokenizer.json: the model then computes logits and knows no text. */
  readonly withoutTokenizer?: boolean;
  readonly onProgress?: (progress: ConvertProgress) => void;
  readonly signal?: AbortSignal;
}

export interface ConvertProgress {
  /** The tensor, and in the end the file, that is worked on. */
  readonly name: string;
  /** Bytes that have been read, of how many: the checkpoint's, and the result's own for the hashes. */
  readonly doneBytes: number;
  readonly totalBytes: number;
}

export interface ConvertedModel {
  readonly name: string;
  readonly displayName: string;
  readonly tensors: number;
  readonly bytes: number;
}

/**
 * Throws a sentence that says what is wrong with the checkpoint; then nothing is left behind. Or throws the signal's
 * reason; then the next conversion of the same goes on where this one stopped.
 */
export async function convertCheckpoint(options: ConvertOptions): Promise<ConvertedModel> {
  const { checkpointDir, signal } = options;
  const outDir = resolve(options.outDir);
  const checkpoint = await openCheckpoint(checkpointDir);
  const config = parseCheckpointConfig(checkpoint.config);
  const tensors = checkTensors(checkpoint.tensors, expectedTensors(config.architecture));
  if (!checkpoint.files.includes(TOKENIZER_FILE) && !options.withoutTokenizer) {
    throw new Error(`${checkpointDir} holds no ${TOKENIZER_FILE}; fetch it from where the checkpoint came from.`);
  }
  const description = await describeModel(checkpointDir, checkpoint.files, config);
  if (await exists(outDir)) throw new Error(`${outDir} exists already; choose another folder or remove it first.`);

  const outputs = outputsOf(tensors, options.weights);
  await mkdir(dirname(outDir), { recursive: true });
  const work = await WorkFolder.open(outDir, await planOf(tensors, outputs));
  try {
    const shards = new ShardWriter(work.path, outputs, MAX_SHARD_BYTES);
    const progress = new Progress(tensors, shards.totalBytes, options.onProgress);
    await checkRoom(work.path, shards.totalBytes - bytesOf(outputs, tensors, work.done, options.weights));
    await writeTensors({ shards, tensors, work, progress, options });
    signal?.throwIfAborted();
    const texts = await copyTexts(checkpointDir, checkpoint, work.path);
    const files = { ...texts, ...(await shards.facts((name, bytes) => progress.add(name, bytes), signal)) };
    const { architecture } = config;
    const modelJson = { formatVersion: MODEL_FORMAT_VERSION, ...description, architecture, files };
    await writeFile(join(work.path, "model.json"), `${JSON.stringify(modelJson, null, 2)}\n`);
    await work.finish(outDir);
    const bytes = Object.values(files).reduce((sum, file) => sum + file.bytes, 0);
    return { name: description.name, displayName: description.displayName, tensors: tensors.length, bytes };
  } catch (error) {
    if (signal?.aborted) await work.leave();
    else await work.remove();
    throw error;
  }
}

/** A download can be resumed and a file system may be old: no shard grows beyond what both take well. */
const MAX_SHARD_BYTES = 1_000_000_000;

function outputsOf(tensors: readonly CheckedTensor[], weights: WeightForm): Encoder["outputs"] {
  return new Map(tensors.flatMap((tensor) => [...encoderFor(tensor, weights).outputs]));
}

/** All that the result's bytes depend on. A file that was written anew counts as another. */
async function planOf(tensors: readonly CheckedTensor[], outputs: Encoder["outputs"]): Promise<unknown> {
  const paths = [...new Set(tensors.map((tensor) => tensor.entry.path))];
  const files = await Promise.all(paths.map(async (path) => ({ path, stat: await stat(path) })));
  return [
    files.map(({ path, stat: { size, mtimeMs } }) => [path, size, mtimeMs]),
    tensors.map(({ source, treatment, entry }) => [source, treatment, entry]),
    [...outputs],
  ];
}

/** What the outputs of the tensors that are done take. */
function bytesOf(
  outputs: Encoder["outputs"],
  tensors: readonly CheckedTensor[],
  done: ReadonlySet<string>,
  weights: WeightForm,
): number {
  const names = tensors
    .filter((tensor) => done.has(tensor.source))
    .flatMap((tensor) => [...encoderFor(tensor, weights).outputs.keys()]);
  return names.reduce((sum, name) => sum + byteLength(outputs.get(name)!), 0);
}

/** Bytes go to the disk for good, and into the journal, in portions: each costs a wait for the disk. */
const SAFE_BYTES = 256 * 2 ** 20;

interface Writing {
  readonly shards: ShardWriter;
  readonly tensors: readonly CheckedTensor[];
  readonly work: WorkFolder;
  readonly progress: Progress;
  readonly options: ConvertOptions;
}

async function writeTensors({ shards, tensors, work, progress, options }: Writing): Promise<void> {
  let unsafe: string[] = [];
  let unsafeBytes = 0;
  const makeSafe = async () => {
    await shards.sync();
    await work.markDone(unsafe);
    unsafe = [];
    unsafeBytes = 0;
  };
  try {
    for (const tensor of tensors) {
      if (work.done.has(tensor.source)) {
        progress.add(tensor.source, tensor.entry.bytes);
        continue;
      }
      const encoder = encoderFor(tensor, options.weights);
      for await (const rows of readRows(tensor)) {
        options.signal?.throwIfAborted();
        refuseNonNumbers(rows.values, tensor.source);
        for (const piece of encoder.encode(rows)) await shards.write(piece);
        progress.add(tensor.source, rows.values.length * FLOAT_BYTES[tensor.entry.dtype]);
      }
      for (const piece of encoder.finish()) await shards.write(piece);
      unsafe.push(tensor.source);
      unsafeBytes += tensor.entry.bytes;
      if (unsafeBytes >= SAFE_BYTES) await makeSafe();
    }
    await makeSafe();
  } catch (error) {
    if (options.signal?.aborted) await makeSafe();
    throw error;
  } finally {
    await shards.close();
  }
}

class Progress {
  readonly #totalBytes: number;
  #doneBytes = 0;

  constructor(
    tensors: readonly CheckedTensor[],
    resultBytes: number,
    private readonly report: ConvertOptions["onProgress"],
  ) {
    this.#totalBytes = resultBytes + tensors.reduce((sum, tensor) => sum + tensor.entry.bytes, 0);
  }

  add(name: string, bytes: number): void {
    this.#doneBytes += bytes;
    this.report?.({ name, doneBytes: this.#doneBytes, totalBytes: this.#totalBytes });
  }
}

/** A single infinity would spoil a whole row of weights, and every token after it. */
function refuseNonNumbers(values: Float32Array, name: string): void {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  if (!Number.isFinite(sum))
    throw new Error(`The checkpoint's ${name} holds values that are not numbers: it is damaged.`);
}

/** The tokenizer, and the terms that travel with the weights. */
async function copyTexts(from: string, checkpoint: Checkpoint, to: string) {
  const names = checkpoint.files.filter((name) => name === TOKENIZER_FILE || /^(LICENSE|NOTICE)/i.test(name));
  const facts: Awaited<ReturnType<ShardWriter["facts"]>> = {};
  for (const name of names) {
    await rm(join(to, name), { force: true }); // from an earlier attempt, perhaps read-only
    await copyFile(join(from, name), join(to, name));
    facts[name] = await fileFacts(join(to, name));
  }
  return facts;
}

async function checkRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= bytes) return;
  const gigabytes = (value: number) => `${(value / 1e9).toFixed(1)} GB`;
  throw new Error(
    `The conversion needs ${gigabytes(bytes)} more in ${dirname(folder)}, where ${gigabytes(bavail * bsize)} are free. ` +
      "Free some space, or choose another folder.",
  );
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
