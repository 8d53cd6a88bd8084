// Makes a folder, and those above it that are missing.

import * as nodeFiles from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Throws what the system says. Node does not where it makes several at once: of whatever it has no case for, such as a read-only
 * disk, it says that there is no such file. Then they are made one by one.
 */
export async function makeFolder(path: string, mode?: number, mkdir = nodeFiles.mkdir): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT" || dirname(path) === path) throw error;
    await makeFolder(dirname(path), mode, mkdir);
    await mkdir(path, { mode });
  }
}
