// Reads a model folder (models/README.md): what the model is, and whether its files are whole. Loads no model, so that the
// extension may look, too.

import { readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { type FileFacts, fileFacts } from "./fileFacts";
import { type ModelDescription, parseModelJson } from "./modelJson";

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
        `${MODEL_FORMAT_VERSION}. Update Griffin Code; or run "Griffin: Repair a Model", or convert the model again.`,
    );
  }
  const model: ModelFolder = { folder, ...described(folder, json) };
  for (const [name, facts] of Object.entries(model.files)) await checkSize(folder, name, facts);
  return model;
}

/** Of all of the model's files. */
export function modelBytes({ files }: Pick<ModelFolder, "files">): number {
  return Object.values(files).reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Where what will be the model folder `folder` grows while it is converted: beside it, so that a rename is enough in the end. */
export function conversionOf(folder: string): string {
  return join(dirname(folder), `.${basename(folder)}.converting`);
}

/** Reads every file whole and compares its hash. Throws a sentence that names the first that differs. */
export async function verifyModelFolder(model: ModelFolder): Promise<void> {
  for (const [name, { sha256 }] of Object.entries(model.files)) {
    if ((await fileFacts(join(model.folder, name))).sha256 !== sha256) {
      throw new Error(`${name} of the model in ${model.folder} has been altered (its SHA-256 differs). ${REINSTALL}`);
    }
  }
}

const REINSTALL =
  'Run "Griffin: Repair a Model", or convert the model again; if it is the bundled one, install the extension again.';

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
