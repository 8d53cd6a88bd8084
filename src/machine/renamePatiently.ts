// Renames what was just written.

import * as nodeFiles from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

const PAUSE_MS = 100;

export interface RenameOptions {
  readonly rename?: typeof nodeFiles.rename;
  readonly patienceMs?: number;
  /** Ends the waiting with its reason. */
  readonly signal?: AbortSignal;
}

/** A new file is looked at by others for a moment, and a folder's many files for longer; that is waited for. */
export async function renamePatiently(
  from: string,
  to: string,
  { rename = nodeFiles.rename, patienceMs = 500, signal }: RenameOptions = {},
): Promise<void> {
  for (let waitedMs = 0; ; waitedMs += PAUSE_MS) {
    try {
      return await rename(from, to);
    } catch (error) {
      if (waitedMs >= patienceMs || !isOpenElsewhere(error)) throw error;
      await sleep(PAUSE_MS);
      signal?.throwIfAborted();
    }
  }
}

/** What Windows and network drives say while another program, such as a virus scanner, has a file open. */
export function isOpenElsewhere(error: unknown): boolean {
  return /^(EPERM|EACCES|EBUSY)$/.test((error as NodeJS.ErrnoException).code ?? "");
}
