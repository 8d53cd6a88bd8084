// What an import in JavaScript or TypeScript means: a file beside it, a package of the repository, or a file by an alias
// that some configuration knows, which is not read.

import { isBuiltin } from "node:module";
import { joinPath } from "../pathIndex";
import { firstFound, type ImportScope } from "./importScope";
import type { ImportStatement } from "./statement";

const FILE = ["", ".ts", ".tsx", ".d.ts", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts", ".vue", ".svelte", ".astro"];
const INDEX = ["ts", "tsx", "js", "jsx", "d.ts", "mts", "mjs"].map((extension) => `/index.${extension}`);
/** Where a package's files are, if its manifest says something else than its folders. */
const SOURCES = ["", "/src", "/lib"];
/** Of the folders that are called as the package is: a name like `utils` is that of very many. */
const MOST_FOLDERS = 8;

export function resolveJavaScript({ module }: ImportStatement, scope: ImportScope): string[] {
  if (module.startsWith(".")) return fileAt(scope.besideIt(module), scope);
  const own = scope.packageOf("package.json", module);
  if (own !== undefined) return inPackage(own.folder, own.rest, scope);
  if (isBuiltin(module)) return [];
  // `@/lib/a`, `~/lib/a`, `#lib/a`, SvelteKit's `$lib/a`, `@components`.
  const bare = module.replace(/^[@~#$]\/?/, "");
  const whole = firstFound([() => nearestFile(bare, scope), () => nearestPackage(bare, "", scope)]);
  if (whole.length > 0 || !/^[@~#]./.test(module)) return whole;
  // `@scope/core/utils`, or an alias that stands for any folder.
  const [, end, name, rest] = /^[^/]+\/(([^/]+)\/?(.*))$/.exec(module) ?? [];
  if (name === undefined) return [];
  return firstFound([() => nearestPackage(name, rest!, scope), () => nearestFile(end!, scope)]);
}

/** TypeScript writes `./a.js` for a.ts. */
function spellings(path: string): string[] {
  return [...new Set([path, path.replace(/\.[cm]?jsx?$/, "")])];
}

function fileAt(path: string | undefined, scope: ImportScope): string[] {
  if (path === undefined) return [];
  return firstFound(spellings(path).map((one) => () => scope.first(one, [...FILE, ...INDEX])));
}

function nearestFile(ending: string, scope: ImportScope): string[] {
  return firstFound(spellings(ending).map((one) => () => scope.nearest(one)));
}

/** packages/query-core/src/index.ts for query-core, and packages/query-core/src/utils.ts for its `utils`. */
function nearestPackage(name: string, rest: string, scope: ImportScope): string[] {
  const nearest = scope.foldersEndingWith(name).slice(0, MOST_FOLDERS);
  return firstFound(nearest.map((folder) => () => inPackage(folder, rest, scope)));
}

function inPackage(folder: string, rest: string, scope: ImportScope): string[] {
  return firstFound(
    SOURCES.map((source) => () => {
      const place = joinPath(folder, `.${source}/${rest}`)!;
      return rest === "" ? scope.first(place, INDEX) : fileAt(place, scope);
    }),
  );
}
