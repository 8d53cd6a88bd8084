// A Hugging Face checkpoint of RecurrentGemma → a model folder (models/README.md).
//
// Tensors stream through in slices: the largest thing in memory is one linear's int8 form. The result appears under
// its name only when it is whole.

import { copyFile, mkdir, mkdtemp, rename, rm, stat, statfs, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { MODEL_FORMAT_VERSION, TOKENIZER_FILE } from "../modelFolder";
import { type Checkpoint, openCheckpoint, readRows } from "./checkpoint";
import { parseCheckpointConfig } from "./config";
import { describeModel } from "./describe";
import { type Encoder, encoderFor, type WeightForm } from "./encode";
import { fileFacts, ShardWriter } from "./shards";
import { type CheckedTensor, checkTensors, expectedTensors } from "./tensors";

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
  readonly tensor: string;
  /** Bytes of the checkpoint that have been read, of how many. */
  readonly doneBytes: number;
  readonly totalBytes: number;
}

export interface ConvertedModel {
  readonly name: string;
  readonly displayName: string;
  readonly tensors: number;
  readonly bytes: number;
}

/** Throws a sentence that says what is wrong with the checkpoint, or the signal's reason; then nothing is left behind. */
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

  await mkdir(dirname(outDir), { recursive: true });
  const work = await mkdtemp(join(dirname(outDir), `.${basename(outDir)}-`));
  try {
    const shards = new ShardWriter(work, outputsOf(tensors, options.weights), MAX_SHARD_BYTES);
    await checkRoom(work, shards.totalBytes);
    await writeTensors(shards, tensors, options);
    signal?.throwIfAborted();
    const files = { ...(await copyTexts(checkpointDir, checkpoint, work)), ...(await shards.facts()) };
    const { architecture } = config;
    const modelJson = { formatVersion: MODEL_FORMAT_VERSION, ...description, architecture, files };
    await writeFile(join(work, "model.json"), `${JSON.stringify(modelJson, null, 2)}\n`);
    await rename(work, outDir);
    const bytes = Object.values(files).reduce((sum, file) => sum + file.bytes, 0);
    return { name: description.name, displayName: description.displayName, tensors: tensors.length, bytes };
  } catch (error) {
    await rm(work, { recursive: true, force: true });
    throw error;
  }
}

/** A download can be resumed and a file system may be old: no shard grows beyond what both take well. */
const MAX_SHARD_BYTES = 1_000_000_000;

function outputsOf(tensors: readonly CheckedTensor[], weights: WeightForm): Encoder["outputs"] {
  return new Map(tensors.flatMap((tensor) => [...encoderFor(tensor, weights).outputs]));
}

async function writeTensors(
  shards: ShardWriter,
  tensors: readonly CheckedTensor[],
  options: ConvertOptions,
): Promise<void> {
  const totalBytes = tensors.reduce((sum, tensor) => sum + tensor.entry.bytes, 0);
  let doneBytes = 0;
  try {
    for (const tensor of tensors) {
      const encoder = encoderFor(tensor, options.weights);
      for await (const rows of readRows(tensor)) {
        options.signal?.throwIfAborted();
        refuseNonNumbers(rows.values, tensor.source);
        for (const piece of encoder.encode(rows)) await shards.write(piece);
      }
      for (const piece of encoder.finish()) await shards.write(piece);
      doneBytes += tensor.entry.bytes;
      options.onProgress?.({ tensor: tensor.source, doneBytes, totalBytes });
    }
  } finally {
    await shards.close();
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
    `The converted model takes ${gigabytes(bytes)}, and ${dirname(folder)} has ${gigabytes(bavail * bsize)} free.`,
  );
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
