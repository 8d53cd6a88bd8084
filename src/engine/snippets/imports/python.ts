// What a Python import means: `.` begins at the file's own folder, all else at a folder that is no package itself.

import { nameOf } from "../pathIndex";
import type { ImportScope } from "./importScope";
import { STANDARD_MODULES } from "./pythonLibrary";
import type { ImportStatement } from "./statement";

const FILE = [".py", ".pyi"];
const PACKAGE = ["/__init__.py", "/__init__.pyi"];

export function resolvePython({ module, names }: ImportStatement, scope: ImportScope): string[] {
  const dots = /^\.*/.exec(module)![0].length;
  const inner = module.slice(dots).replaceAll(".", "/");
  const base = dots === 0 ? inner : scope.besideIt(`${"../".repeat(dots - 1)}${inner}`);
  if (base === undefined) return [];
  // A name may be a module, too.
  const ends = [...names.map((name) => (base === "" ? name : `${base}/${name}`)), base];
  if (dots > 0) return ends.flatMap((end) => scope.first(end, [...FILE, ...PACKAGE]));
  return ends.flatMap((end) => absolute(end, !STANDARD_MODULES.has(inner), scope));
}

/** @param isOwn whether Python's library has no such module: some folder has a `logging` of its own, which is not meant. */
function absolute(path: string, isOwn: boolean, scope: ImportScope): string[] {
  const rootOf = (place: string) => place.slice(0, Math.max(0, place.length - path.length - 1));
  const file = scope.endingWith(path).find((one) => isRoot(rootOf(one.replace(/\.[^/]*$/, "")), isOwn, scope));
  if (file !== undefined) return [file];
  const folders = scope.foldersEndingWith(path).filter((folder) => isRoot(rootOf(folder), isOwn, scope));
  return folders.flatMap((folder) => scope.first(folder, PACKAGE)).slice(0, 1);
}

/** Whether what lies in the folder is imported by its name alone. @param isAnywhere also where the file is not below it */
function isRoot(folder: string, isAnywhere: boolean, scope: ImportScope): boolean {
  if (folder === "" || nameOf(folder) === "src") return true;
  return (isAnywhere || scope.from.startsWith(`${folder}/`)) && scope.first(folder, PACKAGE).length === 0;
}
