// The names of a folder's files, in an order. Knows which of them lie in a folder, without looking at all of them where none do.

import { hasAncestorIn } from "../files/hasAncestorIn";
import { ignoresCase } from "../files/ignorePatterns";
import { eachInSlices } from "../slices";

export class FileNames implements Iterable<string> {
  readonly #names = new Set<string>();
  /** All folders that a name lies in, and some that none lies in any more. Undefined until somebody asks. */
  #folders: Set<string> | undefined;
  /** Each by its small letters. Undefined where names that differ in letters' case are two files. */
  readonly #bySmall = ignoresCase() ? new Map<string, string>() : undefined;
  #changes = 0;

  /** In slices. */
  static async of(paths: Iterable<string>): Promise<FileNames> {
    const names = new FileNames();
    await eachInSlices(paths, (path) => names.add(path));
    return names;
  }

  [Symbol.iterator](): IterableIterator<string> {
    return this.#names.values();
  }

  /** Another number means other names. */
  get changes(): number {
    return this.#changes;
  }

  has(name: string): boolean {
    return this.#names.has(name);
  }

  /** This name, or else the one by which the disk would find the same file: it differs from it in letters' case alone. */
  find(name: string): string | undefined {
    return this.#names.has(name) ? name : this.#bySmall?.get(name.toLowerCase());
  }

  /** At the end, if it is new. */
  add(name: string): void {
    if (this.#names.has(name)) return;
    this.#names.add(name);
    this.#bySmall?.set(name.toLowerCase(), name);
    if (this.#folders !== undefined) addFoldersOf(name, this.#folders);
    this.#changes++;
  }

  delete(name: string): void {
    if (!this.#names.delete(name)) return;
    const small = name.toLowerCase();
    // A file that was renamed in letters' case alone is there by its new name.
    if (this.#bySmall?.get(small) === name) this.#bySmall.delete(small);
    this.#changes++;
  }

  /** The names that are one of these paths, or lie in one. */
  within(paths: readonly string[]): string[] {
    const found = paths.filter((path) => this.#names.has(path));
    const folders = new Set(paths.filter((path) => this.#allFolders.has(path)));
    if (folders.size > 0) for (const name of this.#names) if (hasAncestorIn(folders, name)) found.push(name);
    return found;
  }

  get #allFolders(): ReadonlySet<string> {
    if (this.#folders !== undefined) return this.#folders;
    this.#folders = new Set();
    for (const name of this.#names) addFoldersOf(name, this.#folders);
    return this.#folders;
  }
}

/** A folder that is there has brought those above it. */
function addFoldersOf(name: string, folders: Set<string>): void {
  for (let slash = name.lastIndexOf("/"); slash > 0; slash = name.lastIndexOf("/", slash - 1)) {
    const folder = name.slice(0, slash);
    if (folders.has(folder)) return;
    folders.add(folder);
  }
}
