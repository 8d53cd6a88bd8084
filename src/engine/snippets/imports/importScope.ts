// The files of the index that one file may import, as seen from there: those of its own language, the nearest first.

import { folderOf, joinPath, type PathIndex } from "../pathIndex";
import type { Manifest, PackagePart, Packages } from "./packages";

/** What it needs of Corpus. */
export interface KnownFiles {
  readonly paths: PathIndex;
  readonly packages: Packages;
}

export class ImportScope {
  constructor(
    readonly from: string,
    private readonly files: KnownFiles,
    private readonly accept: (path: string) => boolean,
  ) {}

  has(path: string): boolean {
    return this.files.paths.has(path) && this.accept(path);
  }

  /** Files whose path ends so, the extension left out or not. */
  endingWith(ending: string): string[] {
    return this.files.paths.endingWith(ending, this.from).filter(this.accept);
  }

  /** Only the nearest: the others have the same end by chance. */
  nearest(ending: string): string[] {
    return this.endingWith(ending).slice(0, 1);
  }

  /** The first of the path's spellings that is there. */
  first(path: string | undefined, extensions: readonly string[]): string[] {
    if (path === undefined) return [];
    const found = extensions.map((extension) => withEnd(path, extension)).find((file) => this.has(file));
    return found === undefined ? [] : [found];
  }

  /** A path that is written relative to the file's folder. Undefined if it leads above the top. */
  besideIt(relative: string): string | undefined {
    return joinPath(folderOf(this.from), relative);
  }

  foldersEndingWith(ending: string): string[] {
    return this.files.paths.foldersEndingWith(ending, this.from);
  }

  namespacesEndingWith(ending: string): string[] {
    return this.files.paths.namespacesEndingWith(ending, this.from);
  }

  /** The package of the repository that the import names, or the nearest of that name. */
  packageOf(manifest: Manifest, module: string): PackagePart | undefined {
    return this.files.packages.find(manifest, module, this.from);
  }

  /** Whether the file is in a package of such a manifest: then a package that none names is not of this repository. */
  knowsPackages(manifest: Manifest): boolean {
    return this.files.packages.hasAround(this.from, manifest);
  }

  /** The files right in a folder. */
  inFolder(folder: string): string[] {
    return this.files.paths.inFolder(folder).filter(this.accept);
  }
}

/** What the first attempt finds that finds anything. */
export function firstFound(attempts: readonly (() => string[])[]): string[] {
  for (const attempt of attempts) {
    const found = attempt();
    if (found.length > 0) return found;
  }
  return [];
}

/** The top has no name: what lies in it has no `/` before it. */
function withEnd(path: string, end: string): string {
  return path === "" ? end.replace(/^\//, "") : `${path}${end}`;
}
