import { isAbsolute, relative, sep } from "node:path";
import { composedName } from "./composedName";

/** Where a path lies in the folder, with "/"; empty for the folder itself, undefined for what is not in it. Both absolute. */
export function insideOf(folder: string, path: string): string | undefined {
  const way = relative(composedName(folder), composedName(path));
  // On another drive it is absolute.
  const leadsOut = way === ".." || way.startsWith(`..${sep}`) || isAbsolute(way);
  return leadsOut ? undefined : way.split(sep).join("/");
}
