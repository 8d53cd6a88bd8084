// Removes what was just written.

import { rm } from "node:fs/promises";

/** Both together make up to four seconds: each pause is longer than the one before. */
const RETRIES = 8;
const PAUSE_MS = 100;

/** A file, or a folder with all in it, if there is one. As in renamePatiently, others who have a new file open are waited for. */
export async function removePatiently(path: string): Promise<void> {
  // Node.js tries again only where it removes folders, too.
  await rm(path, { recursive: true, force: true, maxRetries: RETRIES, retryDelay: PAUSE_MS });
}
