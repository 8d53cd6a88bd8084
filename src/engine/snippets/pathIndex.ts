// Finds files by the end of their path, as import statements name them. Knows paths only, always with `/`.

import { join } from "node:path/posix";
import { addTo, removeFrom } from "./setsByKey";

export class PathIndex {
  readonly #byStem = new Map<string, Set<string>>();
  readonly #foldersByName = new Map<string, Set<string>>();
  /** Of each folder, the files and folders right in it; the latter end with `/`. */
  readonly #entries = new Map<string, Set<string>>();

  add(path: string): void {
    addTo(this.#byStem, stemOf(path), path);
    this.#enter(folderOf(path), path);
  }

  remove(path: string): void {
    removeFrom(this.#byStem, stemOf(path), path);
    this.#leave(folderOf(path), path);
  }

  has(path: string): boolean {
    return this.#byStem.get(stemOf(path))?.has(path) ?? false;
  }

  /** Files whose path ends so, the extension left out or not; those nearest to `from` first. */
  endingWith(ending: string, from: string): string[] {
    const wanted = `/${ending}`;
    const matches = [...(this.#byStem.get(stemOf(ending)) ?? [])].filter(
      (path) => `/${path}`.endsWith(wanted) || `/${withoutExtension(path)}`.endsWith(wanted),
    );
    return nearestFirst(matches, from);
  }

  /** The files right in a folder. */
  inFolder(folder: string): string[] {
    return [...(this.#entries.get(folder) ?? [])].filter((entry) => !entry.endsWith("/")).sort();
  }

  /** Folders whose path ends so, also such that hold nothing but folders; nearest first. */
  foldersEndingWith(ending: string, from: string): string[] {
    return this.#foldersAs((folder) => folder, ending, from);
  }

  /** The same where a dot in a folder's name counts as a slash: Acme.Billing/Carts for Billing/Carts. */
  namespacesEndingWith(ending: string, from: string): string[] {
    return this.#foldersAs((folder) => folder.replaceAll(".", "/"), ending, from);
  }

  #foldersAs(spelled: (folder: string) => string, ending: string, from: string): string[] {
    const folders = [...(this.#foldersByName.get(lastWordOf(ending)) ?? [])];
    const matches = folders.filter((folder) => `/${spelled(folder)}`.endsWith(`/${ending}`));
    return nearestFirst(matches, from);
  }

  #enter(folder: string, entry: string): void {
    const isKnown = this.#entries.has(folder);
    addTo(this.#entries, folder, entry);
    if (isKnown) return;
    addTo(this.#foldersByName, lastWordOf(folder), folder);
    if (folder !== "") this.#enter(folderOf(folder), `${folder}/`);
  }

  #leave(folder: string, entry: string): void {
    removeFrom(this.#entries, folder, entry);
    if (this.#entries.has(folder)) return;
    removeFrom(this.#foldersByName, lastWordOf(folder), folder);
    if (folder !== "") this.#leave(folderOf(folder), `${folder}/`);
  }
}

/** `a/b/c.d.ts` is in `a/b`; a file at the top is in the folder ``. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

/** How many folders two paths have in common from the top, as a share of the longer one's: 1 is the same folder. */
export function nearness(path: string, other: string): number {
  const a = folderOf(path).split("/");
  const b = folderOf(other).split("/");
  let common = 0;
  while (common < a.length && common < b.length && a[common] === b[common]) common++;
  return common / Math.max(a.length, b.length);
}

/** `folder/../x` and `./x`, worked out. Undefined if it leads above the top. */
export function joinPath(folder: string, relative: string): string | undefined {
  // At the top, too, a slash in front says nothing.
  const path = join(folder, `./${relative}`).replace(/\/$/, "");
  if (path === ".." || path.startsWith("../")) return undefined;
  return path === "." ? "" : path;
}

function withoutExtension(path: string): string {
  const name = nameOf(path);
  return path.slice(0, path.length - name.length) + name.replace(/(?<=.)(\.d)?\.[^.]+$/, "");
}

/** The part of its name before the first dot, so that it is the same with an extension and without. */
export function stemOf(path: string): string {
  return nameOf(path).replace(/(?<=.)\..*$/, "");
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** By which folders are found, whether dots in them are slashes or not. */
function lastWordOf(folder: string): string {
  return /[^/.]*$/.exec(folder)![0];
}

/** Files, or folders, the nearest to a file first. */
export function nearestFirst(paths: readonly string[], from: string): string[] {
  const ranked = paths.map((path) => ({ path, near: nearness(`${path}/`, from) }));
  return ranked.sort((a, b) => b.near - a.near || (a.path < b.path ? -1 : 1)).map(({ path }) => path);
}
