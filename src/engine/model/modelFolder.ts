// Reads a model folder (models/README.md): what the model is, and whether its files are whole. Loads no model, so that the
// extension may look, too.

import { readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileFacts } from "./fileFacts";
import { ModelFault } from "./modelFault";
import { type ModelDescription, parseModelJson } from "./modelJson";

export const MODEL_FORMAT_VERSION = 1;
export const TOKENIZER_FILE = "tokenizer.json";

/** A model folder whose model.json was checked. */
export interface ModelFolder extends ModelDescription {
  readonly folder: string;
}

/** Reads `folder`'s model.json and checks that every file it names has its size. Throws a ModelFault. */
export async function readModelFolder(folder: string): Promise<ModelFolder> {
  const json = await readModelJson(folder);
  const { formatVersion } = Object(json) as { formatVersion?: unknown };
  if (formatVersion === undefined) {
    throw new ModelFault(
      "damaged",
      `The model.json in ${folder} describes no model of Griffin Code's: it has no formatVersion.`,
    );
  }
  if (formatVersion !== MODEL_FORMAT_VERSION) {
    throw new ModelFault(
      "otherVersion",
      `The model in ${folder} has format version ${formatVersion}; this version of Griffin Code reads ` +
        `${MODEL_FORMAT_VERSION}.`,
    );
  }
  const model: ModelFolder = { folder, ...described(folder, json) };
  for (const [name, { bytes }] of Object.entries(model.files)) {
    const found = await stat(join(folder, name)).catch(() => undefined);
    const fault = faultOfSize(name, found?.size, bytes);
    if (fault !== undefined) throw damaged(folder, fault);
  }
  return model;
}

/** The size of all of the model's files. */
export function modelBytes({ files }: Pick<ModelFolder, "files">): number {
  return Object.values(files).reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Where what will be the model folder `folder` grows while it is converted: beside it, so that a rename is enough in the end. */
export function conversionOf(folder: string): string {
  return join(dirname(folder), `.${basename(folder)}.converting`);
}

/** Reads every file whole and compares its hash. Throws a ModelFault that names the first that differs. */
export async function verifyModelFolder({ folder, files }: ModelFolder): Promise<void> {
  for await (const { fault } of checkFiles(folder, files)) if (fault !== undefined) throw damaged(folder, fault);
}

/** A file of a model folder that was read whole. */
export interface CheckedFile {
  /** That it should have. */
  readonly bytes: number;
  /** A sentence, where it is not as model.json says. */
  readonly fault: string | undefined;
}

/** Reads one file after the other and compares its hash. */
export async function* checkFiles(folder: string, files: ModelFolder["files"]): AsyncGenerator<CheckedFile> {
  for (const [name, expected] of Object.entries(files)) {
    const found = await fileFacts(join(folder, name)).catch(() => undefined);
    const isAltered = found !== undefined && found.sha256 !== expected.sha256;
    const fault = faultOfSize(name, found?.bytes, expected.bytes);
    yield {
      bytes: expected.bytes,
      fault: fault ?? (isAltered ? `${name} has been altered (its SHA-256 differs).` : undefined),
    };
  }
}

function described(folder: string, json: unknown): ModelDescription {
  try {
    return parseModelJson(json);
  } catch (cause) {
    const what = (cause as Error).message;
    const sentence = `The model in ${folder} is not one that this version of Griffin Code runs: ${what}.`;
    throw new ModelFault("damaged", sentence, { cause });
  }
}

async function readModelJson(folder: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(join(folder, "model.json"), "utf8"));
  } catch (cause) {
    const isThere = (await stat(folder).catch(() => undefined)) !== undefined;
    if (!isThere) throw new ModelFault("noFolder", `There is no folder ${folder}.`, { cause });
    throw new ModelFault("noModelJson", `There is no readable model.json in ${folder}.`, { cause });
  }
}

/** @param found bytes; undefined where the file cannot be read */
function faultOfSize(name: string, found: number | undefined, expected: number): string | undefined {
  if (found === undefined) return `${name} is missing or not readable.`;
  return found === expected ? undefined : `${name} has ${found} bytes instead of ${expected}.`;
}

function damaged(folder: string, fault: string): ModelFault {
  return new ModelFault("damaged", `The model in ${folder} is damaged: ${fault}`);
}
