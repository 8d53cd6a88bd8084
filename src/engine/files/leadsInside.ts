import { isAbsolute, sep } from "node:path";

/** Whether a path that `relative` has made leads to something in the folder; the folder itself is not in it. */
export function leadsInside(path: string): boolean {
  return path !== "" && path !== ".." && !path.startsWith(`..${sep}`) && !isAbsolute(path);
}
