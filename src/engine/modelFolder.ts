// Reads a model folder (models/README.md): what the model is, whether its files are whole, and the model itself.

import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { type FileFacts, fileFacts } from "./fileFacts";
import { buildGraph } from "./graph/buildGraph";
import type { LinearOptions } from "./graph/linear";
import type { StoredTensor } from "./graph/weights";
import type { Model } from "./model";
import { type ModelDescription, parseModelJson } from "./modelJson";
import { int8ProductsSaturate, loadOnnxModel, type OnnxModelOptions } from "./onnxModel";
import { readSafetensorsHeader } from "./safetensors";

export const MODEL_FORMAT_VERSION = 1;
export const TOKENIZER_FILE = "tokenizer.json";

/** A model folder whose model.json was checked. */
export interface ModelFolder extends ModelDescription {
  readonly folder: string;
}

/** Reads `folder`'s model.json and checks that every file it names has its size. Throws one clear sentence. */
export async function readModelFolder(folder: string): Promise<ModelFolder> {
  const json = await readModelJson(folder);
  const { formatVersion } = Object(json) as { formatVersion?: unknown };
  if (formatVersion !== MODEL_FORMAT_VERSION) {
    throw new Error(
      `The model in ${folder} has format version ${formatVersion}; this version of Griffin Code reads ` +
        `${MODEL_FORMAT_VERSION}. Update Griffin Code, or convert the model again.`,
    );
  }
  const model: ModelFolder = { folder, ...described(folder, json) };
  for (const [name, facts] of Object.entries(model.files)) await checkSize(folder, name, facts);
  return model;
}

/** Builds the model's graph and loads it, with nothing measured. */
export async function loadModel(model: ModelFolder, options: ProcessorOptions): Promise<Model> {
  const { graph } = await buildModelGraph(model);
  return loadOnProcessor(model, graph, options);
}

export type ProcessorOptions = Omit<OnnxModelOptions, "provider">;

/** Loads the model's graph. Throws a sentence that says what to do, which onnxruntime's own words do not. */
export async function loadOnProcessor(
  model: ModelFolder,
  graph: Uint8Array,
  options: ProcessorOptions,
): Promise<Model> {
  try {
    return await loadOnnxModel(graph, model.folder, model.architecture, options);
  } catch (cause) {
    throw new Error(whyNotLoaded(model, (cause as Error).message), { cause });
  }
}

/** @param words onnxruntime's */
export function whyNotLoaded({ displayName, folder }: ModelFolder, words: string): string {
  return OUT_OF_MEMORY.test(words)
    ? `${displayName} needs more memory than is free. Close other programs, or choose a smaller model with ` +
        '"Griffin: Choose a Model".'
    : `onnxruntime cannot load the model in ${folder}: ${words.replace(/\.?\s*$/, "")}. ${CHECK}`;
}

export interface ModelGraph {
  /** ONNX bytes; the weights stay in the folder. */
  readonly graph: Uint8Array;
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly linearOptions: LinearOptions;
}

/** The model's graph in the form that suits this processor. Throws one clear sentence when the weights are not the architecture's. */
export async function buildModelGraph(model: ModelFolder): Promise<ModelGraph> {
  try {
    const tensors = await readTensors(model);
    const hasInt8 = [...tensors.values()].some(({ dtype }) => dtype === "I8");
    const linearOptions = { unsignedWeights: hasInt8 && (await int8ProductsSaturate()) };
    return { graph: buildGraph(model.architecture, tensors, linearOptions), tensors, linearOptions };
  } catch (cause) {
    throw new Error(`The model in ${model.folder} cannot be used: ${(cause as Error).message}. ${CHECK}`, { cause });
  }
}

/** Every tensor of the model's shards, by name. */
export async function readTensors(model: ModelFolder): Promise<Map<string, StoredTensor>> {
  const tensors = new Map<string, StoredTensor>();
  for (const file of Object.keys(model.files).filter((name) => name.endsWith(".safetensors"))) {
    for (const [name, entry] of await readSafetensorsHeader(join(model.folder, file))) {
      tensors.set(name, { ...entry, file });
    }
  }
  return tensors;
}

/** Reads every file whole and compares its hash. Throws a sentence that names the first that differs. */
export async function verifyModelFolder(model: ModelFolder): Promise<void> {
  for (const [name, { sha256 }] of Object.entries(model.files)) {
    if ((await fileFacts(join(model.folder, name))).sha256 !== sha256) {
      throw new Error(`${name} of the model in ${model.folder} has been altered (its SHA-256 differs). ${REINSTALL}`);
    }
  }
}

const REINSTALL = "Install the extension again, or convert or download the model again.";
/** A large model's files are not hashed at the start. */
const CHECK = 'Run "Griffin: Check a Model\'s Files" or `griffin doctor`, or convert or download the model again.';
/** What onnxruntime and the C++ library say on Linux, macOS and Windows. */
const OUT_OF_MEMORY = /bad[_ ]alloc|failed to allocate|out of memory|not enough memory/i;

function described(folder: string, json: unknown): ModelDescription {
  try {
    return parseModelJson(json);
  } catch (cause) {
    const what = (cause as Error).message;
    throw new Error(`The model in ${folder} is not one that this version of Griffin Code runs: ${what}. ${REINSTALL}`, {
      cause,
    });
  }
}

async function readModelJson(folder: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(join(folder, "model.json"), "utf8"));
  } catch (cause) {
    throw new Error(`There is no readable model.json in ${folder}. ${REINSTALL}`, { cause });
  }
}

async function checkSize(folder: string, name: string, facts: FileFacts): Promise<void> {
  const found = await stat(join(folder, name)).catch(() => undefined);
  if (found === undefined) throw new Error(`${name} is missing from the model in ${folder}. ${REINSTALL}`);
  if (found.size !== facts.bytes) {
    throw new Error(
      `${name} of the model in ${folder} has ${found.size} bytes instead of ${facts.bytes}: it is not whole. ${REINSTALL}`,
    );
  }
}
