// The names of a folder's files, in an order. Knows which of them lie in a folder, without looking at all of them where none do.

import { hasAncestorIn } from "../files/hasAncestorIn";

export class FileNames implements Iterable<string> {
  /** All folders that a name lies in, and some that none lies in any more. Undefined until somebody asks. */
  #folders: Set<string> | undefined;
  /** Each by its small letters. Undefined until somebody asks, and when names have changed since. */
  #bySmall: ReadonlyMap<string, string> | undefined;
  #changes = 0;

  /** @param names is kept, and changed */
  constructor(private readonly names = new Set<string>()) {}

  [Symbol.iterator](): IterableIterator<string> {
    return this.names.values();
  }

  /** Another number means other names. */
  get changes(): number {
    return this.#changes;
  }

  has(name: string): boolean {
    return this.names.has(name);
  }

  /** This name, or else one that differs from it in letters' case alone. */
  inAnyCase(name: string): string | undefined {
    if (this.names.has(name)) return name;
    this.#bySmall ??= new Map([...this.names].map((one) => [one.toLowerCase(), one]));
    return this.#bySmall.get(name.toLowerCase());
  }

  /** At the end, if it is new. */
  add(name: string): void {
    if (this.names.has(name)) return;
    this.names.add(name);
    if (this.#folders !== undefined) addFoldersOf(name, this.#folders);
    this.#changed();
  }

  delete(name: string): void {
    if (this.names.delete(name)) this.#changed();
  }

  /** The names that are one of these paths, or lie in one. */
  within(paths: readonly string[]): string[] {
    const found = paths.filter((path) => this.names.has(path));
    const folders = new Set(paths.filter((path) => this.#allFolders.has(path)));
    if (folders.size > 0) for (const name of this.names) if (hasAncestorIn(folders, name)) found.push(name);
    return found;
  }

  #changed(): void {
    this.#changes++;
    this.#bySmall = undefined;
  }

  get #allFolders(): ReadonlySet<string> {
    if (this.#folders !== undefined) return this.#folders;
    this.#folders = new Set();
    for (const name of this.names) addFoldersOf(name, this.#folders);
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
