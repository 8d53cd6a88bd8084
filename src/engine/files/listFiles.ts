// Lists what of a workspace folder the model may read, and counts what is left out and why. Opens no file but ignore
// files: readSource judges what is inside.

import type { Dirent } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { composedName } from "./composedName";
import { refusalOfSize } from "./fileKinds";
import { stampOf } from "./fileStamp";
import type { EntryKind, FolderRules } from "./folderRules";
import { type ReadRules, readFolderContent } from "./readRules";
import { isPassing, type Refusal } from "./refusal";
import { refusalOfError } from "./safeRead";

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
  /** Files and folders that are left out, by reason; a folder counts once with all that is in it. */
  readonly leftOut: Readonly<Partial<Record<Refusal, number>>>;
  /** Folders and files of which the disk tells nothing just now, `""` for the folder itself: what is in them may be there. */
  readonly unread: readonly string[];
}

/** More files than a model could read in a month; keeps memory bounded when somebody opens a disk. */
const MAX_FILES = 200_000;

/** File system calls under way at once: the pool of threads that does them is small. */
const CALLS = 32;

/** Work between two looks at the event loop. */
const SLICE_MS = 8;

/**
 * @param options.under a folder within the workspace's to which the list is limited
 * @throws the signal's reason when it is aborted
 */
export async function listFiles(
  rules: ReadRules,
  signal?: AbortSignal,
  options: { maxFiles?: number; under?: string } = {},
): Promise<Listing> {
  const maxFiles = options.maxFiles ?? MAX_FILES;
  const files: SourceFile[] = [];
  const leftOut: Partial<Record<Refusal, number>> = {};
  const leaveOut = (refusal: Refusal) => {
    leftOut[refusal] = (leftOut[refusal] ?? 0) + 1;
  };
  const unread: string[] = [];
  const missed = (path: string, refusal: Refusal) => {
    leaveOut(refusal);
    if (isPassing(refusal)) unread.push(path);
  };
  let sliceEndsAt = performance.now() + SLICE_MS;
  const rest = async () => {
    signal?.throwIfAborted();
    if (performance.now() < sliceEndsAt) return;
    await setImmediate();
    sliceEndsAt = performance.now() + SLICE_MS;
  };

  const walk = async (folder: string, enter: (names: ReadonlySet<string>) => Promise<FolderRules>): Promise<void> => {
    const entries = await readdir(join(rules.root, folder), { withFileTypes: true }).catch((error: unknown) => {
      missed(folder.slice(0, -1), refusalOfError(error));
      return [];
    });
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    const here = await enter(new Set(entries.map((entry) => entry.name)));
    if (here.refusal) return missed(folder.slice(0, -1), here.refusal);
    const folders: string[] = [];
    let batch: string[] = [];
    const take = async () => {
      await addFiles(batch);
      batch = [];
    };
    for (const entry of entries) {
      await rest();
      const name = composedName(entry.name);
      const refusal = here.refusalOf(name, kindOf(entry));
      if (refusal) leaveOut(refusal);
      else if (entry.isDirectory()) folders.push(name);
      else if (batch.push(folder + name) >= CALLS) await take();
    }
    await take();
    for (const name of folders) {
      if (files.length >= maxFiles) return leaveOut("tooMany");
      const path = `${folder}${name}/`;
      await walk(path, async (names) => here.enter(name, await readFolderContent(join(rules.root, path), names)));
    }
  };

  const addFiles = async (paths: readonly string[]): Promise<void> => {
    const stats = await Promise.all(paths.map((path) => lstat(join(rules.root, path)).catch(refusalOfError)));
    for (const [index, stat] of stats.entries()) {
      const path = paths[index]!;
      if (typeof stat === "string") missed(path, stat);
      else if (!stat.isFile()) leaveOut(stat.isSymbolicLink() ? "link" : "notAFile");
      else {
        const refusal = refusalOfSize(path, stat.size) ?? (files.length >= maxFiles ? "tooMany" : undefined);
        if (refusal) leaveOut(refusal);
        else files.push({ path, bytes: stat.size, modifiedMs: stat.mtimeMs, stamp: stampOf(stat) });
      }
    }
  };

  const under = options.under?.split("/") ?? [];
  const start = rules.refusalOfAll ?? (await rules.folder(under));
  if (typeof start === "string") missed(under.join("/"), start);
  else await walk(under.map((name) => `${name}/`).join(""), async () => start);
  return { files, leftOut, unread };
}

function kindOf(entry: Dirent): EntryKind {
  if (entry.isSymbolicLink()) return "link";
  if (entry.isDirectory()) return "folder";
  // Some file systems do not tell; lstat will.
  return entry.isFile() || !(entry.isFIFO() || entry.isSocket() || entry.isBlockDevice() || entry.isCharacterDevice())
    ? "file"
    : "other";
}
