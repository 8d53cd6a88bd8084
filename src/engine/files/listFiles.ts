// Lists what of a workspace folder the model may read, and counts what is left out and why. Opens no file but ignore
// files: readSource judges what is inside.

import type { Dirent, Stats } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { Slices, sortedInSlices } from "../slices";
import { composedName } from "./composedName";
import { refusalOfSize } from "./fileKinds";
import { stampOf } from "./fileStamp";
import type { EntryKind, FolderRules } from "./folderRules";
import { kindOf, type ReadRules, readFolderContent } from "./readRules";
import { isPassing, type Refusal } from "./refusal";
import { refusalOfError, safeStat } from "./safeRead";
import { CALLS, someAtOnce } from "./someAtOnce";

export interface SourceFile {
  /** Relative to the workspace folder, with "/". */
  readonly path: string;
  readonly bytes: number;
  readonly modifiedMs: number;
  /** As readSource gives it, too: while it is the same, the file need not be read again. */
  readonly stamp: string;
}

export interface Listing {
  /** In the order of their paths, folder by folder. */
  readonly files: readonly SourceFile[];
  /** Files and folders that are left out, by reason; a folder counts once with all that is in it. Not `.git`: every repository has it. */
  readonly leftOut: Readonly<Partial<Record<Refusal, number>>>;
  /** Folders and files of which the disk tells nothing just now, `""` for the folder itself: what is in them may be there. */
  readonly unread: readonly string[];
}

/** More files than a model could read in a month; keeps memory bounded when somebody opens a disk. */
const MAX_FILES = 200_000;

/**
 * @param options.under a folder within the workspace's to which the list is limited
 * @throws the signal's reason when it is aborted
 */
export async function listFiles(
  rules: ReadRules,
  signal?: AbortSignal,
  options: { maxFiles?: number; under?: string } = {},
): Promise<Listing> {
  const walk = new Walk(rules, signal, options.maxFiles ?? MAX_FILES);
  await walk.begin(options.under?.split("/") ?? []);
  return walk;
}

class Walk implements Listing {
  readonly files: SourceFile[] = [];
  readonly leftOut: Partial<Record<Refusal, number>> = {};
  readonly unread: string[] = [];
  readonly #slices = new Slices();

  constructor(
    private readonly rules: ReadRules,
    private readonly signal: AbortSignal | undefined,
    private readonly maxFiles: number,
  ) {}

  async begin(under: readonly string[]): Promise<void> {
    const { refusalOfAll } = this.rules;
    const found = refusalOfAll === undefined ? await this.rules.folder(under) : { refused: refusalOfAll };
    if ("refused" in found) this.#miss(under.join("/"), found.refused);
    else await this.#enter(under.map((name) => `${name}/`).join(""), async () => found.rules);
  }

  /** @param folder with "/" at its end, unless it is the root */
  async #enter(folder: string, rulesFor: (smallNames: ReadonlySet<string>) => Promise<FolderRules>): Promise<void> {
    const found = await readdir(join(this.rules.root, folder), { withFileTypes: true }).catch((error: unknown) => {
      this.#miss(folder.slice(0, -1), refusalOfError(error));
      return [];
    });
    const entries = await sortedInSlices(found, (a, b) => (a.name < b.name ? -1 : 1));
    const dotted = entries.filter(({ name }) => name.startsWith("."));
    const here = await rulesFor(new Set(dotted.map(({ name }) => name.toLowerCase())));
    if (here.refusal) return this.#miss(folder.slice(0, -1), here.refusal);
    const folders: string[] = [];
    let batch: string[] = [];
    const kinds = await this.#kindsOf(folder, entries);
    for (const [at, entry] of entries.entries()) {
      this.signal?.throwIfAborted();
      await this.#slices.rest();
      const name = composedName(entry.name);
      const kind = kinds[at]!;
      const refusal = kind === "unreadable" ? (here.refusalOf(name, "file") ?? kind) : here.refusalOf(name, kind);
      if (refusal === "repositoryData") continue;
      if (refusal) this.#miss(folder + name, refusal);
      else if (kind === "folder") folders.push(name);
      else if (batch.push(folder + name) >= CALLS) {
        await this.#take(batch);
        batch = [];
      }
    }
    await this.#take(batch);
    for (const name of folders) {
      if (this.files.length >= this.maxFiles) return this.#leaveOut("tooMany");
      const path = `${folder}${name}/`;
      await this.#enter(path, async (smallNames) =>
        here.enter(name, await readFolderContent(join(this.rules.root, path), smallNames)),
      );
    }
  }

  async #kindsOf(folder: string, entries: readonly Dirent[]): Promise<readonly (EntryKind | "unreadable")[]> {
    const kinds: (EntryKind | "unreadable")[] = entries.map(kindOfEntry);
    // Windows calls all a link there that is not simply on the disk, as what lies in OneDrive. What is gone by now shows later.
    const vague = process.platform === "win32" ? [...kinds.keys()].filter((at) => kinds[at] === "link") : [];
    const ask = async (at: number) => {
      kinds[at] = (await kindOf(join(this.rules.root, folder, entries[at]!.name))) ?? "file";
    };
    await someAtOnce(vague, ask, this.signal);
    return kinds;
  }

  async #take(paths: readonly string[]): Promise<void> {
    const found = await Promise.all(paths.map((path) => safeStat(join(this.rules.root, path))));
    for (const [index, one] of found.entries()) {
      const path = paths[index]!;
      if ("refused" in one) this.#miss(path, one.refused);
      else this.#add(path, one.stat);
    }
  }

  #add(path: string, stat: Stats): void {
    const refusal = this.#refusalOf(path, stat);
    if (refusal) this.#leaveOut(refusal);
    else this.files.push({ path, bytes: stat.size, modifiedMs: stat.mtimeMs, stamp: stampOf(stat) });
  }

  #refusalOf(path: string, stat: Stats): Refusal | undefined {
    if (!stat.isFile()) return stat.isSymbolicLink() ? "link" : "notAFile";
    return refusalOfSize(path, stat.size) ?? (this.files.length >= this.maxFiles ? "tooMany" : undefined);
  }

  #leaveOut(refusal: Refusal): void {
    this.leftOut[refusal] = (this.leftOut[refusal] ?? 0) + 1;
  }

  #miss(path: string, refusal: Refusal): void {
    this.#leaveOut(refusal);
    if (isPassing(refusal)) this.unread.push(path);
  }
}

function kindOfEntry(entry: Dirent): EntryKind {
  if (entry.isSymbolicLink()) return "link";
  if (entry.isDirectory()) return "folder";
  return entry.isFile() ? "file" : "other";
}
