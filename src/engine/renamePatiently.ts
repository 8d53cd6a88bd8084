// Renames what was just written.

import * as nodeFiles from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

/** What Windows and network drives say while another program, such as a virus scanner, has a file open. */
const OPEN_ELSEWHERE = new Set(["EPERM", "EACCES", "EBUSY"]);
const TRIES = 6;
const PAUSE_MS = 100;

/** A new file is looked at by others for a moment; that is waited for. */
export async function renamePatiently(from: string, to: string, rename = nodeFiles.rename): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await rename(from, to);
    } catch (error) {
      if (tries === TRIES || !OPEN_ELSEWHERE.has((error as NodeJS.ErrnoException).code ?? "")) throw error;
      await sleep(PAUSE_MS);
    }
  }
}
