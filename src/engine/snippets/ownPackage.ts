// The folders of the live file's own package, whose files see each other's names without an import.

import type { Family } from "./languages";
import { folderOf, type PathIndex } from "./pathIndex";

/** Whether a package is a folder, as one namespace of C# and PHP mostly is. */
const HAS_PACKAGES: Readonly<Record<Family, boolean>> = {
  c: false,
  "c-sharp": true,
  go: true,
  java: true,
  javascript: false,
  php: true,
  python: false,
  ruby: false,
  rust: false,
};
/** Java's packages are in several such folders: of the program, of its tests. */
const SOURCE_SET = /(?<=^|\/)src\/\w+\/(?=java(\/|$))/;

/** None where each file has names of its own. */
export function ownPackageFolders(family: Family, livePath: string, paths: PathIndex): ReadonlySet<string> {
  if (!HAS_PACKAGES[family]) return new Set();
  const own = folderOf(livePath);
  const source = SOURCE_SET.exec(own);
  if (!source) return new Set([own]);
  const inSources = own.slice(source.index + source[0].length);
  const ofPackage = (folder: string) => folder.replace(SOURCE_SET, "src/");
  const same = paths.foldersEndingWith(inSources, livePath).filter((folder) => ofPackage(folder) === ofPackage(own));
  return new Set([own, ...same]);
}
