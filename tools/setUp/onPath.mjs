import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * Where a program of this name is, as a shell would find it.
 * @param {string} name
 * @returns {string | undefined}
 */
export function onPath(name) {
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  const endings = process.platform === "win32" ? [".exe", ".cmd"] : [""];
  return folders.flatMap((folder) => endings.map((ending) => join(folder, name + ending))).find(existsSync);
}
