// A Hugging Face checkpoint of RecurrentGemma → a model folder (models/README.md).
//
// Tensors stream through in slices, on threads that read, round and write: the largest thing in the memory of each is
// one linear's int8 form. The result appears under its name only when it is whole; until then it grows in a folder of its
// own, where a stopped conversion goes on.

import { readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { isDiskFull } from "../../machine/diskFull";
import { allocatedBytesIn, bytesToCome, freeDiskBytes } from "../../machine/diskRoom";
import { size } from "../../text/size";
import { type FileFacts, fileFacts } from "../model/fileFacts";
import { conversionOf, MODEL_FORMAT_VERSION, TOKENIZER_FILE } from "../model/modelFolder";
import { tokensOf } from "./calibration/calibrate";
import { calibrationBytes } from "./calibration/room";
import { type CalibrationText, readSequences } from "./calibration/texts";
import { type Checkpoint, openCheckpoint } from "./checkpoint";
import { type CheckpointConfig, parseCheckpointConfig } from "./config";
import { isDamaged } from "./damage";
import { describeModel } from "./describe";
import type { WeightForm } from "./encoding";
import { leadsOut } from "./leadsOut";
import { type PlannedTensor, planTensors, specsOf } from "./plan";
import { Shards } from "./shards";
import { checkTensors, expectedTensors } from "./tensors";
import { WorkFolder } from "./workFolder";
import { type ConvertProgress, writeTensors } from "./writeTensors";

export interface ConvertOptions {
  readonly checkpointDir: string;
  /** Must not exist yet. */
  readonly outDir: string;
  readonly weights: WeightForm;
  /** Round to 4 bits with knowledge of what text brings to each linear: a hundred times the work (models/README.md has what it brings). */
  readonly calibration?: CalibrationText | undefined;
  /** Convert although the checkpoint has no tokenizer.json: the model then computes logits and knows no text. */
  readonly withoutTokenizer?: boolean;
  /** 0 converts in this thread; by default there are as many threads as processors. */
  readonly threads?: number;
  readonly onProgress?: (progress: ConvertProgress) => void;
  readonly signal?: AbortSignal;
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
 * Throws a sentence that says what is wrong with the checkpoint; then nothing is left behind. Or throws the signal's reason, or
 * what else has happened; then the next conversion of the same goes on where this one stopped.
 */
export async function convertCheckpoint(options: ConvertOptions): Promise<ConvertedModel> {
  const { signal } = options;
  // However they are written: who names the same in another way goes on, too.
  const [checkpointDir, outDir] = [resolve(options.checkpointDir), resolve(options.outDir)];
  const checkpoint = await openCheckpoint(checkpointDir);
  const config = parseCheckpointConfig(checkpoint.config);
  const tensors = checkTensors(checkpoint.tensors, expectedTensors(config.architecture));
  if (!checkpoint.files.includes(TOKENIZER_FILE) && !options.withoutTokenizer) {
    throw new Error(`${checkpointDir} holds no ${TOKENIZER_FILE}; fetch it from where the checkpoint came from.`);
  }
  const description = await describeModel(checkpointDir, checkpoint.files, config);
  if (await exists(outDir)) throw new Error(`${outDir} exists already; choose another folder or remove it first.`);

  const { architecture } = config;
  const planned = planTensors(tensors, options.weights);
  const sequences = await calibrationSequences(options, config);
  const plan = [...(await planOf(planned)), sequences && { architecture, sequences }];
  const shards = new Shards(conversionOf(outDir), specsOf(planned), MAX_SHARD_BYTES);
  // Else zeros would be taken for what was written, and their hash for the right one.
  const work = await WorkFolder.open(outDir, plan, () => shards.areThere());
  const meanwhile = sequences === undefined ? 0 : calibrationBytes(architecture, planned, tokensOf(sequences));
  const roomNeeded = async () =>
    bytesToCome({ planned: shards.totalBytes + meanwhile, present: await allocatedBytesIn(work.path) });
  try {
    const calibration = sequences && { architecture, tensors: planned, sequences };
    await refuseWithoutRoom(dirname(outDir), await roomNeeded());
    // First, so that what cannot be copied ends minutes or hours of work before they begin.
    const texts = await copyTexts(checkpointDir, checkpoint, work.path);
    await shards.create();
    const { facts, threads } = await writeTensors({
      shards,
      planned,
      work,
      calibration,
      threads: options.threads,
      signal,
      onProgress: options.onProgress,
    });
    const files = { ...texts, ...facts };
    const modelJson = { formatVersion: MODEL_FORMAT_VERSION, ...description, architecture, files };
    await writeFile(join(work.path, "model.json"), `${JSON.stringify(modelJson, null, 2)}\n`, { flush: true });
    await work.finish(outDir);
    const bytes = Object.values(files).reduce((sum, file) => sum + file.bytes, 0);
    return { name: description.name, displayName: description.displayName, tensors: tensors.length, bytes, threads };
  } catch (error) {
    // What is done is not lost to what this attempt has met, unless it is the checkpoint itself.
    if (work.isEmpty || isDamaged(error)) await work.remove();
    else await work.leave();
    if (signal?.aborted || error instanceof NoRoom || !isDiskFull(error)) throw error;
    throw new NoRoom(
      `The disk of ${dirname(outDir)} is full: the conversion needs ${size(await roomNeeded())} more there. Free some space and ` +
        "convert again: it goes on where it stopped.",
      { cause: error },
    );
  }
}

async function calibrationSequences(
  { calibration, checkpointDir, weights, signal }: ConvertOptions,
  { bos, architecture }: CheckpointConfig,
) {
  if (calibration === undefined) return undefined;
  if (weights !== "int4") throw new Error(`Calibration is for int4; there is none for ${weights}.`);
  const sequences = await readSequences(calibration, checkpointDir, bos, signal);
  const unknown = sequences.flat().find((token) => token >= architecture.vocabSize);
  if (unknown !== undefined) {
    throw new Error(
      `The checkpoint's tokenizer.json knows token ${unknown}, and the model only ${architecture.vocabSize}.`,
    );
  }
  return sequences;
}

/** A download can be resumed and a file system may be old: no shard grows beyond what both take well. */
const MAX_SHARD_BYTES = 1_000_000_000;

/** All that the result's bytes depend on. A file that was written anew counts as another. */
async function planOf(tensors: readonly PlannedTensor[]): Promise<readonly unknown[]> {
  const paths = [...new Set(tensors.map((tensor) => tensor.entry.path))];
  const files = await Promise.all(paths.map(async (path) => ({ path, stat: await stat(path) })));
  return [
    files.map(({ path, stat: { size, mtimeMs } }) => [path, size, mtimeMs]),
    tensors.map(({ source, entry, encoding, outputs }) => [source, entry, encoding, outputs]),
  ];
}

/**
 * The tokenizer, and the terms that travel with the weights. As terms a link could bring in any file of the user's; a tokenizer
 * has been read as one by now.
 */
async function copyTexts(from: string, checkpoint: Checkpoint, to: string) {
  const names = checkpoint.files.filter((name) => name === TOKENIZER_FILE || /^(LICENSE|NOTICE)/i.test(name));
  const facts: Record<string, FileFacts> = {};
  for (const name of names) {
    if (!(await stat(join(from, name))).isFile()) continue; // a folder of licenses
    if (name !== TOKENIZER_FILE && (await leadsOut(from, name))) {
      throw new Error(
        `${join(from, name)} is a link to a file outside of the checkpoint. Put a copy in its place, or remove it.`,
      );
    }
    // Safe on the disk, as the weights are: the checkpoint may be removed as soon as the model has its name.
    await writeFile(join(to, name), await readFile(join(from, name)), { flush: true });
    facts[name] = await fileFacts(join(to, name));
  }
  return facts;
}

/** As the system has it, so that whoever goes by its code knows that nothing else is at fault. */
class NoRoom extends Error {
  readonly code = "ENOSPC";
}

async function refuseWithoutRoom(folder: string, bytes: number): Promise<void> {
  const free = await freeDiskBytes(folder);
  if (free >= bytes) return;
  throw new NoRoom(
    `The conversion needs ${size(bytes)} more in ${folder}, where ${size(free)} is free. ` +
      "Free some space, or make the model on another disk with `griffin convert`.",
  );
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
