// A checkpoint folder as Hugging Face lays it out: config.json, and tensors in one safetensors file or in several, mostly with
// an index.

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { readSafetensorsHeader, type TensorEntry } from "../model/safetensors";

export interface Checkpoint {
  /** config.json's content. */
  readonly config: unknown;
  readonly tensors: ReadonlyMap<string, TensorEntry & { readonly path: string }>;
  /** Names of the folder's files. */
  readonly files: readonly string[];
}

/** Reads what the folder holds, without the tensors' values. Throws a sentence that says what is missing or broken. */
export async function openCheckpoint(folder: string): Promise<Checkpoint> {
  const files = await readdir(folder).catch((cause) => {
    throw new Error(`There is no folder ${folder} that can be read. Check the path.`, { cause });
  });
  if (!files.includes(CONFIG_FILE))
    throw new Error(`${folder} holds no ${CONFIG_FILE}: it is not a Hugging Face checkpoint.`);
  const config = await readJson(join(folder, CONFIG_FILE));
  const tensors = new Map<string, TensorEntry & { path: string }>();
  for (const file of await weightFiles(folder, files)) {
    const path = join(folder, file);
    for (const [name, entry] of await readSafetensorsHeader(path)) {
      if (tensors.has(name)) throw new Error(`${folder} holds the tensor ${name} twice.`);
      tensors.set(name, { ...entry, path });
    }
  }
  return { config, tensors, files };
}

/** A file of the checkpoint that is there. Throws a sentence where it is not JSON. */
export async function readJson(path: string) {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch (cause) {
    throw new Error(`${path} is not JSON.`, { cause });
  }
}

const CONFIG_FILE = "config.json";
const SINGLE_FILE = "model.safetensors";
const INDEX_FILE = "model.safetensors.index.json";

/** The files that hold the tensors, one before several, as transformers takes them. Whether shards without an index are all there, their tensors say. */
async function weightFiles(folder: string, files: readonly string[]): Promise<readonly string[]> {
  if (files.includes(SINGLE_FILE)) return [SINGLE_FILE];
  if (files.includes(INDEX_FILE)) return indexedFiles(folder, await readJson(join(folder, INDEX_FILE)), files);
  const found = files.filter((file) => file.endsWith(".safetensors"));
  if (found.length > 0) return found;
  const pickle = files.find((file) => /\.(bin|pt|pth)$/.test(file));
  throw new Error(
    pickle === undefined
      ? `${folder} holds no ${SINGLE_FILE}.`
      : `${folder} holds ${pickle} but no safetensors file. Pickled weights can run code and are not read: fetch the checkpoint in safetensors form.`,
  );
}

function indexedFiles(folder: string, index: unknown, files: readonly string[]): readonly string[] {
  const map = (index as { weight_map?: unknown } | null)?.weight_map;
  if (typeof map !== "object" || map === null) throw new Error(`${folder}: ${INDEX_FILE} has no weight_map.`);
  const named = [...new Set(Object.values(map))].map(String);
  const absent = named.filter((file) => !files.includes(file));
  if (absent.length > 0) throw new Error(`${folder} lacks ${absent.join(", ")}, which ${INDEX_FILE} names.`);
  return named;
}
