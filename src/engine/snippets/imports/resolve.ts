// From an import statement to the files of the index that it may mean. Guesses by the end of the path: no tsconfig, no
// go.mod, no class path is read. A wrong guess costs a few characters of the budget.

import { folderOf, joinPath, type PathIndex } from "../pathIndex";
import type { ImportStatement } from "./statement";

/** A package's folder may hold more; those are left to the search by name. */
const MOST_FILES = 40;

/** Files that the statement, written in `from`, may mean: the likeliest first. */
export function resolveImport(family: string, statement: ImportStatement, from: string, paths: PathIndex): string[] {
  const found = RESOLVERS[family]?.(statement, from, paths) ?? [];
  return [...new Set(found)].filter((path) => path !== from).slice(0, MOST_FILES);
}

type Resolver = (statement: ImportStatement, from: string, paths: PathIndex) => string[];

const RESOLVERS: Readonly<Record<string, Resolver>> = {
  javascript({ module }, from, paths) {
    if (module.startsWith(".")) return atPath(joinPath(folderOf(from), module), JAVASCRIPT, paths);
    // `$lib/a` is SvelteKit's for src/lib/a.
    const inner = module.replace(/^[@~#][^/]*\//, "").replace(/^\$/, "");
    const whole = best(paths.endingWith(inner, from));
    return whole.length > 0 ? whole : packageEntry(inner, from, paths);
  },

  python({ module, names }, from, paths) {
    const dots = /^\.*/.exec(module)![0].length;
    const inner = module.slice(dots).replaceAll(".", "/");
    const files = (path: string | undefined, ends: (path: string) => string[]) =>
      path === undefined
        ? []
        : [...names.flatMap((name) => ends(path === "" ? name : `${path}/${name}`)), ...ends(path)];
    if (dots === 0) {
      return files(inner, (path) =>
        best([...paths.endingWith(path, from), ...paths.endingWith(`${path}/__init__`, from)]),
      );
    }
    const base = joinPath(folderOf(from), `${"../".repeat(dots - 1)}${inner}`);
    return files(base, (path) => atPath(path, PYTHON, paths));
  },

  /** A package is a folder; how much of the path lies outside of the repository is not known. */
  go({ module }, from, paths) {
    return folderFiles(module.split("/"), 1, from, paths);
  },

  rust({ module, names }, from, paths) {
    const parts = module.split("::").filter((part) => part !== "");
    const head = parts[0];
    const isLocal = head === "crate" || head === "self" || head === "super";
    const inner = parts.filter((part) => part !== "crate" && part !== "self" && part !== "super");
    const ends = [...names.map((name) => [...inner, name]), inner].filter((end) => end.length > 0);
    const files = ends.flatMap((end) => rustFiles(end, from, paths));
    if (files.length > 0 || isLocal) return files;
    // Another crate of the workspace: `use grep_searcher::Searcher` → …/searcher/src/lib.rs, …/grep_searcher/src/lib.rs.
    const crate = head?.replaceAll("_", "-") ?? "";
    const names2 = [crate, head ?? "", crate.slice(crate.lastIndexOf("-") + 1)];
    return names2.flatMap((name) => best(paths.endingWith(`${name}/src/lib`, from)));
  },

  java({ module, names }, from, paths) {
    const path = module.replaceAll(".", "/");
    if (names.length === 0) return folderFiles(path.split("/"), 2, from, paths);
    // The class; of a static import or a nested class, the class around it.
    return [...best(paths.endingWith(path, from)), ...best(paths.endingWith(folderOf(path), from))];
  },

  c({ module }, from, paths) {
    const beside = atPath(joinPath(folderOf(from), module), [""], paths);
    const header = beside.length > 0 ? beside : best(paths.endingWith(module.replace(/^(\.\.?\/)+/, ""), from));
    return header.filter((path) => path.endsWith(module.slice(module.lastIndexOf("."))));
  },

  "c-sharp"({ module }, from, paths) {
    return folderFiles(module.split("."), 1, from, paths);
  },

  ruby({ module }, from, paths) {
    if (module.startsWith(".")) return atPath(joinPath(folderOf(from), module), [".rb", ""], paths);
    return best(paths.endingWith(module, from)).filter((path) => path.endsWith(".rb"));
  },

  php({ module }, from, paths) {
    if (module.startsWith("./")) return atPath(joinPath(folderOf(from), module), [""], paths);
    // The namespace's first parts are mapped to some folder by composer.json.
    const parts = module.split("\\");
    for (let first = 0; first < parts.length; first++) {
      const found = best(paths.endingWith(parts.slice(first).join("/"), from));
      if (found.length > 0) return found;
    }
    return [];
  },
};

const JAVASCRIPT = [
  ...["", ".ts", ".tsx", ".d.ts", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".vue", ".svelte", ".astro"],
  ...["/index.ts", "/index.tsx", "/index.js", "/index.jsx", "/index.d.ts"],
];
const PYTHON = [".py", ".pyi", "/__init__.py", "/__init__.pyi"];

function atPath(path: string | undefined, extensions: readonly string[], paths: PathIndex): string[] {
  if (path === undefined) return [];
  // TypeScript writes `./a.js` for a.ts.
  const stems = /\.[cm]?jsx?$/.test(path) ? [path, path.replace(/\.[cm]?jsx?$/, "")] : [path];
  for (const stem of stems) {
    const found = extensions.map((extension) => `${stem}${extension}`).find((file) => paths.has(file));
    if (found !== undefined) return [found];
  }
  return [];
}

/** Only the nearest: the others have the same end by chance. */
function best(found: readonly string[]): string[] {
  return found.slice(0, 1);
}

/** The files of the folder that has most of the parts at its end. */
function folderFiles(parts: readonly string[], fewestParts: number, from: string, paths: PathIndex): string[] {
  for (let first = 0; first + fewestParts <= parts.length; first++) {
    const [folder] = paths.foldersEndingWith(parts.slice(first).join("/"), from);
    if (folder !== undefined) return paths.inFolder(folder);
  }
  return [];
}

/** A package of the same repository: packages/query-core/src/index.ts for @scope/query-core. */
function packageEntry(name: string, from: string, paths: PathIndex): string[] {
  const ends = [`${name}/src/index`, `${name}/index`, `${name}/lib/index`];
  return best(ends.flatMap((end) => best(paths.endingWith(end, from))));
}

/** a::b is a/b.rs or a/b/mod.rs; the last parts may be names in a file. */
function rustFiles(parts: readonly string[], from: string, paths: PathIndex): string[] {
  const path = parts.join("/");
  return best([...paths.endingWith(path, from), ...paths.endingWith(`${path}/mod`, from)]).filter((file) =>
    file.endsWith(".rs"),
  );
}
