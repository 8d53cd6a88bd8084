import type { Stats } from "node:fs";

/** Another one means that the file may be another: what changes it moves the second time also where it sets the first back. */
export function stampOf({ ino, size, mtimeMs, ctimeMs }: Stats): string {
  return `${ino} ${size} ${mtimeMs} ${ctimeMs}`;
}
