// Renames what was just written.

import * as nodeFiles from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

const PAUSE_MS = 100;

/** A new file is looked at by others for a moment, and a folder's many files for longer; that is waited for. */
export async function renamePatiently(
  from: string,
  to: string,
  { rename = nodeFiles.rename, patienceMs = 500 } = {},
): Promise<void> {
  for (let waitedMs = 0; ; waitedMs += PAUSE_MS) {
    try {
      return await rename(from, to);
    } catch (error) {
      if (waitedMs >= patienceMs || !isOpenElsewhere(error)) throw error;
      await sleep(PAUSE_MS);
    }
  }
}

/** What Windows and network drives say while another program, such as a virus scanner, has a file open. */
export function isOpenElsewhere(error: unknown): boolean {
  return /^(EPERM|EACCES|EBUSY)$/.test((error as NodeJS.ErrnoException).code ?? "");
}
