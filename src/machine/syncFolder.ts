// Makes what has happened to the names in a folder outlive a power failure.

import { open } from "node:fs/promises";

/** Where the system allows to ask for it (Windows does not). */
export async function syncFolder(folder: string, files: { readonly open: typeof open } = { open }): Promise<void> {
  try {
    const handle = await files.open(folder, "r");
    await handle.sync().finally(() => handle.close());
  } catch {
    // The files themselves are safe; at worst an older name is found.
  }
}
