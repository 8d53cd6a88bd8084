// From a document's address to the file that it stands for.

import { fileURLToPath } from "node:url";

/** What a document without a name is called where the model has never seen one without. */
export const UNNAMED = "untitled";

/** An absolute path in the machine's own notation; undefined for what is no file of this machine. */
export function pathOfUri(uri: string): string | undefined {
  if (!uri.startsWith("file:")) return undefined;
  try {
    return fileURLToPath(uri);
  } catch {
    return undefined; // `file://server/share/…` elsewhere than on Windows, a path without a drive there.
  }
}
