// Which folders of the repository are packages, by what imports call them: their manifests say so.

import { folderOf, joinPath, nameOf, nearestFirst } from "../pathIndex";
import { addTo, removeFrom } from "../setsByKey";

export type Manifest = "go.mod" | "Cargo.toml" | "package.json";

/** Where a manifest names its package. */
const NAMES: ReadonlyMap<string, RegExp> = new Map([
  ["go.mod", /^module[ \t]+"?([^\s"]+)/m],
  ["Cargo.toml", /^\[package\][ \t]*\n(?:(?!\[).*\n)*?name[ \t]*=[ \t]*"([^"]+)"/m],
  ["package.json", /^[ \t{]*"name"[ \t]*:[ \t]*"([^"]+)"/m],
]);

/** A package's folder, and what of the package an import means: "" is all of it. */
export interface PackagePart {
  readonly folder: string;
  readonly rest: string;
}

export class Packages {
  /** By the manifest's file name and the package's name. */
  readonly #folders = new Map<string, Set<string>>();
  /** Manifest → its key among the folders. */
  readonly #keys = new Map<string, string>();

  /** Takes note of any file of the repository. */
  set(path: string, lines: readonly string[]): void {
    this.delete(path);
    const manifest = nameOf(path);
    const name = NAMES.get(manifest)?.exec(lines.join("\n"))?.[1];
    if (name === undefined) return;
    const key = keyOf(manifest, name);
    this.#keys.set(path, key);
    addTo(this.#folders, key, folderOf(path));
  }

  delete(path: string): void {
    const key = this.#keys.get(path);
    if (key === undefined) return;
    this.#keys.delete(path);
    removeFrom(this.#folders, key, folderOf(path));
  }

  /** Whether the file is in a known package. Another one, in a folder beside it, says nothing about its imports. */
  hasAround(from: string, manifest: Manifest): boolean {
    for (let folder = folderOf(from); ; folder = folderOf(folder)) {
      if (this.#keys.has(joinPath(folder, manifest)!)) return true;
      if (folder === "") return false;
    }
  }

  /** @param module its parts with `/` between them: the package has the longest name that it begins with */
  find(manifest: Manifest, module: string, from: string): PackagePart | undefined {
    for (let end = module.length; end > 0; end = module.lastIndexOf("/", end - 1)) {
      const folders = this.#folders.get(keyOf(manifest, module.slice(0, end)));
      if (folders !== undefined) return { folder: nearestFirst([...folders], from)[0]!, rest: module.slice(end + 1) };
    }
    return undefined;
  }
}

/** In code, a crate has `_` for each `-` of its name. */
function keyOf(manifest: string, name: string): string {
  return `${manifest} ${manifest === "Cargo.toml" ? name.replaceAll("-", "_") : name}`;
}
