// Finds files by the end of their path, as import statements name them. Knows paths only, always with `/`.

import { addTo, removeFrom } from "./setsByKey";

export class PathIndex {
  readonly #byStem = new Map<string, Set<string>>();
  readonly #byFolder = new Map<string, Set<string>>();
  readonly #foldersByName = new Map<string, Set<string>>();
  /** Of each folder, the files and folders right in it. */
  readonly #entries = new Map<string, number>();

  add(path: string): void {
    if (this.has(path)) return;
    addTo(this.#byStem, stemOf(path), path);
    addTo(this.#byFolder, folderOf(path), path);
    this.#enter(folderOf(path));
  }

  remove(path: string): void {
    if (!this.has(path)) return;
    removeFrom(this.#byStem, stemOf(path), path);
    removeFrom(this.#byFolder, folderOf(path), path);
    this.#leave(folderOf(path));
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
    return [...(this.#byFolder.get(folder) ?? [])].sort();
  }

  /** Folders whose path ends so, also such that hold nothing but folders; nearest first. */
  foldersEndingWith(ending: string, from: string): string[] {
    const folders = [...(this.#foldersByName.get(lastWordOf(ending)) ?? [])];
    return nearestFirst(
      folders.filter((folder) => `/${folder}`.endsWith(`/${ending}`)),
      from,
    );
  }

  /** The same where a dot in a folder's name counts as a slash: Acme.Billing/Carts for Billing/Carts. */
  namespacesEndingWith(ending: string, from: string): string[] {
    const folders = [...(this.#foldersByName.get(nameOf(ending)) ?? [])];
    return nearestFirst(
      folders.filter((folder) => `/${folder.replaceAll(".", "/")}`.endsWith(`/${ending}`)),
      from,
    );
  }

  #enter(folder: string): void {
    const entries = this.#entries.get(folder) ?? 0;
    this.#entries.set(folder, entries + 1);
    if (entries > 0) return;
    addTo(this.#foldersByName, lastWordOf(folder), folder);
    if (folder !== "") this.#enter(folderOf(folder));
  }

  #leave(folder: string): void {
    const entries = this.#entries.get(folder)!;
    if (entries > 1) return void this.#entries.set(folder, entries - 1);
    this.#entries.delete(folder);
    removeFrom(this.#foldersByName, lastWordOf(folder), folder);
    if (folder !== "") this.#leave(folderOf(folder));
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
  const parts = folder === "" ? [] : folder.split("/");
  for (const part of relative.split("/")) {
    if (part === "..") {
      if (parts.pop() === undefined) return undefined;
    } else if (part !== "." && part !== "") {
      parts.push(part);
    }
  }
  return parts.join("/");
}

function withoutExtension(path: string): string {
  const name = nameOf(path);
  return path.slice(0, path.length - name.length) + name.replace(/(?<=.)(\.d)?\.[^.]+$/, "");
}

/** The part before the first dot, so that it is the same with an extension and without. */
function stemOf(path: string): string {
  return nameOf(path).replace(/(?<=.)\..*$/, "");
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** By which folders are found, whether dots in them are slashes or not. */
function lastWordOf(folder: string): string {
  return /[^/.]*$/.exec(folder)![0];
}

function nearestFirst(paths: string[], from: string): string[] {
  const ranked = paths.map((path) => ({ path, near: nearness(`${path}/`, from) }));
  return ranked.sort((a, b) => b.near - a.near || (a.path < b.path ? -1 : 1)).map(({ path }) => path);
}
