// Whether every file of a model folder is what model.json says, each file judged alone: repair wants to know them all.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type FileFacts, fileFacts } from "../model/fileFacts";
import type { OnProgress } from "./jobs";

/** A sentence for each file that is not as it should be. Throws the signal's reason. */
export async function findAlteredFiles(folder: string, signal: AbortSignal, onProgress: OnProgress): Promise<string[]> {
  const files = await filesOf(folder);
  if (files === undefined) return [`model.json is missing or not readable.`];
  const totalBytes = files.reduce((sum, [, { bytes }]) => sum + bytes, 0);
  const faults: string[] = [];
  let doneBytes = 0;
  for (const [name, expected] of files) {
    signal.throwIfAborted();
    const found = await fileFacts(join(folder, name)).catch(() => undefined);
    if (found === undefined) faults.push(`${name} is missing or not readable.`);
    else if (found.bytes !== expected.bytes)
      faults.push(`${name} has ${found.bytes} bytes instead of ${expected.bytes}.`);
    else if (found.sha256 !== expected.sha256) faults.push(`${name} has been altered (its SHA-256 differs).`);
    doneBytes += expected.bytes;
    onProgress(doneBytes, totalBytes);
  }
  return faults;
}

async function filesOf(folder: string): Promise<[string, FileFacts][] | undefined> {
  try {
    return Object.entries(JSON.parse(await readFile(join(folder, "model.json"), "utf8")).files);
  } catch {
    return undefined;
  }
}
