// A Hugging Face checkpoint of RecurrentGemma → a model folder (models/README.md).
//
// Tensors stream through in slices, on threads that read, round and write: the largest thing in the memory of each is
// one linear's int8 form. The result appears under its name only when it is whole; until then it grows in a folder of its
// own, where a stopped conversion goes on.

import { copyFile, mkdir, rm, stat, statfs, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { MODEL_FORMAT_VERSION, TOKENIZER_FILE } from "../modelFolder";
import { type Checkpoint, openCheckpoint } from "./checkpoint";
import { parseCheckpointConfig } from "./config";
import { bytesOf, Conversion, type PlannedTensor, planTensors, specsOf } from "./conversion";
import { describeModel } from "./describe";
import type { WeightForm } from "./encode";
import { bytesRead } from "./encodeRows";
import { type FileFacts, fileFacts } from "./fileFacts";
import { Shards } from "./shards";
import { runTasks } from "./taskRunner";
import { checkTensors, expectedTensors } from "./tensors";
import { WorkFolder } from "./workFolder";

export interface ConvertOptions {
  readonly checkpointDir: string;
  /** Must not exist yet. */
  readonly outDir: string;
  readonly weights: WeightForm;
  /** Convert although the checkpoint has no tokenizer.json: the model then computes logits and knows no text. */
  readonly withoutTokenizer?: boolean;
  /** 0 converts in this thread; by default there are as many threads as processors. */
  readonly threads?: number;
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
  /** That it was converted on; 0 where no thread could be had. */
  readonly threads: number;
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

  const planned = planTensors(tensors, options.weights);
  await mkdir(dirname(outDir), { recursive: true });
  const work = await WorkFolder.open(outDir, await planOf(planned));
  try {
    const shards = new Shards(work.path, specsOf(planned), MAX_SHARD_BYTES);
    await checkRoom(work.path, shards.totalBytes - bytesOf(planned.filter(({ source }) => work.done.has(source))));
    await shards.create();
    const { facts, threads } = await writeTensors({ shards, planned, work, options });
    const texts = await copyTexts(checkpointDir, checkpoint, work.path);
    const files = { ...texts, ...facts };
    const { architecture } = config;
    const modelJson = { formatVersion: MODEL_FORMAT_VERSION, ...description, architecture, files };
    await writeFile(join(work.path, "model.json"), `${JSON.stringify(modelJson, null, 2)}\n`);
    await work.finish(outDir);
    const bytes = Object.values(files).reduce((sum, file) => sum + file.bytes, 0);
    return { name: description.name, displayName: description.displayName, tensors: tensors.length, bytes, threads };
  } catch (error) {
    if (signal?.aborted) await work.leave();
    else await work.remove();
    throw error;
  }
}

/** A download can be resumed and a file system may be old: no shard grows beyond what both take well. */
const MAX_SHARD_BYTES = 1_000_000_000;

/** All that the result's bytes depend on. A file that was written anew counts as another. */
async function planOf(tensors: readonly PlannedTensor[]): Promise<unknown> {
  const paths = [...new Set(tensors.map((tensor) => tensor.entry.path))];
  const files = await Promise.all(paths.map(async (path) => ({ path, stat: await stat(path) })));
  return [
    files.map(({ path, stat: { size, mtimeMs } }) => [path, size, mtimeMs]),
    tensors.map(({ source, entry, encoding, outputs }) => [source, entry, encoding, outputs]),
  ];
}

/** Bytes go to the disk for good, and into the journal, in portions: each costs a wait for the disk. */
const SAFE_BYTES = 256 * 2 ** 20;

interface Writing {
  readonly shards: Shards;
  readonly planned: readonly PlannedTensor[];
  readonly work: WorkFolder;
  readonly options: ConvertOptions;
}

/** @returns the shards' facts, and on how many threads they were written */
async function writeTensors({ shards, planned, work, options }: Writing) {
  const conversion = new Conversion(shards, planned, work.done);
  const progress = new Progress(planned, shards.totalBytes, options.onProgress);
  for (const { source, entry } of planned) if (work.done.has(source)) progress.add(source, entry.bytes);
  let unsafe: PlannedTensor[] = [];
  const makeSafe = async () => {
    const written = unsafe;
    unsafe = [];
    await shards.sync();
    await work.markDone(written.map(({ source }) => source));
  };
  try {
    const threads = await runTasks({
      ...{ signal: options.signal, threads: options.threads, next: () => conversion.next() },
      async onDone(task, facts) {
        const tensor = conversion.done(task, facts);
        if (task.type === "hash") progress.add(basename(task.path), facts!.bytes);
        else progress.add(task.tensor, bytesRead(task));
        if (tensor !== undefined) unsafe.push(tensor);
        if (sourceBytes(unsafe) >= SAFE_BYTES) await makeSafe();
      },
    });
    await makeSafe();
    return { facts: conversion.facts, threads };
  } catch (error) {
    if (options.signal?.aborted) await makeSafe();
    throw error;
  }
}

class Progress {
  readonly #totalBytes: number;
  #doneBytes = 0;

  constructor(
    tensors: readonly PlannedTensor[],
    resultBytes: number,
    private readonly report: ConvertOptions["onProgress"],
  ) {
    this.#totalBytes = resultBytes + sourceBytes(tensors);
  }

  add(name: string, bytes: number): void {
    this.#doneBytes += bytes;
    this.report?.({ name, doneBytes: this.#doneBytes, totalBytes: this.#totalBytes });
  }
}

function sourceBytes(tensors: readonly PlannedTensor[]): number {
  return tensors.reduce((sum, { entry }) => sum + entry.bytes, 0);
}

/** The tokenizer, and the terms that travel with the weights. */
async function copyTexts(from: string, checkpoint: Checkpoint, to: string) {
  const names = checkpoint.files.filter((name) => name === TOKENIZER_FILE || /^(LICENSE|NOTICE)/i.test(name));
  const facts: Record<string, FileFacts> = {};
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
