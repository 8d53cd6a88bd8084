// Whether every file of a model folder is what model.json says, each file judged alone: repair wants to know them all.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { JobProgress } from "../../protocol/modelJobs";
import { checkFiles, type ModelFolder, modelBytes } from "../model/modelFolder";
import { parseFiles } from "../model/modelJson";

export type OnProgress = (progress: JobProgress) => void;

/** A sentence for each file that is not as it should be. Throws the signal's reason. */
export async function findAlteredFiles(folder: string, signal: AbortSignal, onProgress: OnProgress): Promise<string[]> {
  const files = await filesOf(folder);
  if (files === undefined) return [`model.json is missing or not readable.`];
  const totalBytes = modelBytes({ files });
  const faults: string[] = [];
  let doneBytes = 0;
  for await (const { bytes, fault } of checkFiles(folder, files)) {
    signal.throwIfAborted();
    if (fault !== undefined) faults.push(fault);
    doneBytes += bytes;
    onProgress({ doneBytes, totalBytes, earlierBytes: 0 });
  }
  return faults;
}

async function filesOf(folder: string): Promise<ModelFolder["files"] | undefined> {
  try {
    return parseFiles(JSON.parse(await readFile(join(folder, "model.json"), "utf8")).files);
  } catch {
    return undefined;
  }
}
