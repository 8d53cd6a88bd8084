// The folders of the live file's own package, whose files see each other's names without an import.

import { folderOf, type PathIndex } from "./pathIndex";

const FAMILIES: ReadonlySet<string> = new Set(["go", "java", "c-sharp", "php"]);
/** Java's packages are in several such folders: of the program, of its tests. */
const SOURCE_SET = /(?<=^|\/)src\/\w+\/(?=java(\/|$))/;

/** None where each file has names of its own. */
export function ownPackageFolders(family: string, livePath: string, paths: PathIndex): ReadonlySet<string> {
  if (!FAMILIES.has(family)) return new Set();
  const own = folderOf(livePath);
  const source = SOURCE_SET.exec(own);
  if (!source) return new Set([own]);
  const inSources = own.slice(source.index + source[0].length);
  const ofPackage = (folder: string) => folder.replace(SOURCE_SET, "src/");
  const same = paths.foldersEndingWith(inSources, livePath).filter((folder) => ofPackage(folder) === ofPackage(own));
  return new Set([own, ...same]);
}
