import type { Stats } from "node:fs";

/** Another stamp means that the file may have changed: each change moves ctime, also one that sets mtime back. */
export function stampOf({ ino, size, mtimeMs, ctimeMs }: Stats): string {
  return `${ino} ${size} ${mtimeMs} ${ctimeMs}`;
}
