// What a `use` or `mod` in Rust means: from the module where its path begins down, or else what ends as the path does.

import { folderOf, joinPath } from "../pathIndex";
import { firstFound, type ImportScope } from "./importScope";
import type { ImportStatement } from "./statement";

export function resolveRust({ module, names }: ImportStatement, scope: ImportScope): string[] {
  const parts = [...module.split("::").filter((part) => part !== ""), ...names];
  // Mostly that of a module within the file, which takes all that is around it.
  if (parts.every((part) => part === "super")) return [];
  const start = startOf(parts, scope);
  if (start === undefined) {
    if (scope.knowsPackages("Cargo.toml")) return [];
    return firstFound([() => endingWith(parts, names.length, scope), () => otherCrate(parts[0]!, scope)]);
  }
  const isFromRoot = parts[0] !== "self" && parts[0] !== "super";
  return firstFound([
    () => moduleDown(start, scope),
    // A root often gives other names to modules farther down: `pub use inner::transport;`.
    () => (isFromRoot ? endingWith(start.rest, names.length, scope) : []),
    () => moduleFile(start.folder, scope),
  ]);
}

/** A module's folder is where those in it are: a/b for a/b.rs and a/b/mod.rs. */
interface Start {
  readonly folder: string | undefined;
  readonly rest: readonly string[];
}

/** Undefined where it is not known in which module the path begins. */
function startOf(parts: readonly string[], scope: ImportScope): Start | undefined {
  const [head, ...rest] = parts;
  const own = moduleFolder(scope.from);
  if (head === "self") return { folder: own, rest };
  if (head === "super") {
    const ups = parts.findIndex((part) => part !== "super");
    return { folder: joinPath(own, "../".repeat(ups)), rest: parts.slice(ups) };
  }
  if (head === "crate") {
    const source = `/${scope.from}`.lastIndexOf("/src/");
    return { folder: source < 0 ? undefined : scope.from.slice(0, source + "src".length), rest };
  }
  if (moduleFile(joinPath(own, head!), scope).length > 0) return { folder: own, rest: parts };
  const crate = scope.packageOf("Cargo.toml", head!);
  return crate && { folder: joinPath(crate.folder, "src"), rest };
}

function moduleFolder(path: string): string {
  const isCrate = /(^|\/)(?:mod|lib|main|build)\.rs$|(^|\/)(?:tests|examples|benches|src\/bin)\/[^/]+$/.test(path);
  return isCrate ? folderOf(path) : path.replace(/\.rs$/, "");
}

/** The last parts may be names in a file. */
function moduleDown({ folder, rest }: Start, scope: ImportScope): string[] {
  if (folder === undefined) return [];
  for (let length = rest.length; length > 0; length--) {
    const found = moduleFile(joinPath(folder, rest.slice(0, length).join("/")), scope);
    if (found.length > 0) return found;
  }
  return [];
}

function moduleFile(folder: string | undefined, scope: ImportScope): string[] {
  return scope.first(folder, [".rs", "/mod.rs", "/lib.rs", "/main.rs"]);
}

/** a::b is a/b.rs or a/b/mod.rs. @param names that may be no modules, at the end */
function endingWith(parts: readonly string[], names: number, scope: ImportScope): string[] {
  const ends = [parts, parts.slice(0, parts.length - names)].map((end) => end.join("/")).filter((end) => end !== "");
  return ends.flatMap((end) => [...scope.endingWith(end), ...scope.endingWith(`${end}/mod`)].slice(0, 1));
}

/** Another crate of the workspace: `use grep_searcher::Searcher` → …/searcher/src/lib.rs, …/grep_searcher/src/lib.rs. */
function otherCrate(name: string, scope: ImportScope): string[] {
  const crate = name.replaceAll("_", "-");
  const spellings = [crate, name, crate.slice(crate.lastIndexOf("-") + 1)];
  return spellings
    .flatMap((one) => scope.foldersEndingWith(`${one}/src`))
    .flatMap((folder) => scope.first(folder, ["/lib.rs"]))
    .slice(0, 1);
}
