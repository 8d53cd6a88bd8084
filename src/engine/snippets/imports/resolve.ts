// From an import statement to the files of the index that it may mean. What no manifest says is guessed by the end of the
// path: no tsconfig, no class path is read. A wrong guess costs a few characters of the budget.

import type { Family } from "../languages";
import { folderOf, joinPath } from "../pathIndex";
import { firstFound, type ImportScope } from "./importScope";
import { resolveJavaScript } from "./javascript";
import { resolvePython } from "./python";
import { resolveRust } from "./rust";
import type { ImportStatement } from "./statement";

/** A package's folder may hold more; those are left to the search by name. */
const MOST_FILES = 40;
/** No path is longer. Looked for from each of its parts on, one takes time by the square of its length, or more. */
const LONGEST_MODULE = 1_000;

/** Files that the statement may mean: the likeliest first. */
export function resolveImport(family: Family, statement: ImportStatement, scope: ImportScope): string[] {
  if (statement.module.length > LONGEST_MODULE) return [];
  const found = RESOLVERS[family](statement, scope);
  return [...new Set(found)].filter((path) => path !== scope.from).slice(0, MOST_FILES);
}

type Resolver = (statement: ImportStatement, scope: ImportScope) => string[];

const RESOLVERS: Readonly<Record<Family, Resolver>> = {
  javascript: resolveJavaScript,
  python: resolvePython,

  go({ module }, scope) {
    return goPackage(module, scope).filter((path) => !path.endsWith("_test.go"));
  },

  rust: resolveRust,

  java({ module, names }, scope) {
    const path = module.replaceAll(".", "/");
    if (names.length === 0) {
      const inFolder = () => folderFiles(path.split("/"), 2, scope, (end) => scope.foldersEndingWith(end));
      return firstFound([() => scope.nearest(path), inFolder]);
    }
    // The class; of a static import or a nested class, the class around it.
    return [...scope.nearest(path), ...scope.nearest(folderOf(path))];
  },

  c({ module }, scope) {
    const header = firstFound([
      () => scope.first(scope.besideIt(module), [""]),
      () => scope.nearest(module.replace(/^(\.\.?\/)+/, "")),
    ]);
    return header.filter((path) => path.endsWith(module.slice(module.lastIndexOf("."))));
  },

  "c-sharp"({ module }, scope) {
    const parts = module.split(".");
    // Of what is not the repository's own, no part of the path says anything.
    const fewestParts = parts[0] === "System" || parts[0] === "Microsoft" ? parts.length : 1;
    return folderFiles(parts, fewestParts, scope, (end) => scope.namespacesEndingWith(end));
  },

  ruby({ module }, scope) {
    if (module.startsWith(".")) return scope.first(scope.besideIt(module), [".rb", ""]);
    return scope.nearest(module).filter((path) => path.endsWith(".rb"));
  },

  php({ module }, scope) {
    if (module.startsWith("./")) return scope.first(scope.besideIt(module), [""]);
    // The namespace's first parts are mapped to some folder by composer.json.
    return firstFound(endsOf(module.split("\\")).map((end) => () => scope.nearest(end)));
  },
};

/** A package is a folder. */
function goPackage(module: string, scope: ImportScope): string[] {
  const own = scope.packageOf("go.mod", module);
  if (own !== undefined) return scope.inFolder(joinPath(own.folder, own.rest)!);
  if (scope.knowsPackages("go.mod")) return [];
  // How much of the path lies outside of the repository is not known.
  return firstFound(endsOf(module.split("/")).map((end) => () => scope.inFolder(end)));
}

/** The files of the folder that has most of the parts at its end. */
function folderFiles(
  parts: readonly string[],
  fewestParts: number,
  scope: ImportScope,
  foldersEndingWith: (ending: string) => string[],
): string[] {
  const ends = endsOf(parts).slice(0, Math.max(0, 1 + parts.length - fewestParts));
  return firstFound(ends.flatMap(foldersEndingWith).map((folder) => () => scope.inFolder(folder)));
}

/** The whole path, then without the first part, and so on. */
function endsOf(parts: readonly string[]): string[] {
  return parts.map((_, first) => parts.slice(first).join("/"));
}
