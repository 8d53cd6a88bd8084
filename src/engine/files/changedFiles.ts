// Digests what a file watcher reports, however much at once: a checkout of 5,000 files is one batch.

import { lstat, realpath } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import type { ReadRules } from "./readRules";

export interface Changes {
  /** Files that are there and may be read. All paths are relative to the workspace folder, with "/", sorted. */
  readonly files: readonly string[];
  /** Folders that are there and may be entered: one may have been moved in with all that is in it. */
  readonly folders: readonly string[];
  /** What is no longer there, a file or a folder with all that was in it; or is there and may not be read (any more). */
  readonly gone: readonly string[];
  /** An ignore file changed: load new rules and list the files anew. The rest is by the old rules. */
  readonly rulesChanged: boolean;
  /** The repository moved to another commit: the order of files may be another. */
  readonly headChanged: boolean;
}

/** File system calls under way at once. */
const CALLS = 32;

/** @param absolutePaths as the watcher gives them; those outside of the workspace folder do not count */
export async function digestChanges(rules: ReadRules, absolutePaths: readonly string[]): Promise<Changes> {
  const changes = { files: [] as string[], folders: [] as string[], gone: [] as string[] };
  let rulesChanged = false;
  let headChanged = false;
  const judged: string[] = [];
  for (const path of await relativePaths(rules.root, absolutePaths)) {
    if (HEAD.test(path)) headChanged = true;
    if (INFO_EXCLUDE.test(path)) rulesChanged = true;
    if (!IN_GIT.test(path)) judged.push(path);
  }
  for (let start = 0; start < judged.length; start += CALLS) {
    const kinds = await Promise.all(judged.slice(start, start + CALLS).map((path) => judge(rules, path)));
    for (const { path, kind, isRule } of kinds) {
      if (isRule) rulesChanged = true;
      if (kind) changes[kind].push(path);
    }
  }
  return { ...changes, rulesChanged, headChanged };
}

const IN_GIT = /(?:^|\/)\.git\//;
const INFO_EXCLUDE = /(?:^|\/)\.git\/info\/exclude$/;
const HEAD = /^\.git\/(?:HEAD|logs\/HEAD|packed-refs)$/;
/** `.git` itself: a repository begins or ends here. */
const RULE_FILES = /(?:^|\/)(?:\.gitignore|\.griffinignore|\.git)$/;

interface Judgement {
  readonly path: string;
  readonly kind?: "files" | "folders" | "gone";
  readonly isRule?: boolean;
}

async function judge(rules: ReadRules, path: string): Promise<Judgement> {
  if (RULE_FILES.test(path)) {
    // Packages bring ignore files of their own, which say nothing of what is read.
    const folder = path.slice(0, Math.max(0, path.lastIndexOf("/")));
    const counts = folder === "" || (await rules.refusalOfFolder(folder)) === undefined;
    if (counts) return { path, isRule: true };
    return { path };
  }
  const stat = await lstat(join(rules.root, path)).catch(() => undefined);
  if (!stat) return { path, kind: "gone" };
  if (stat.isDirectory()) return (await rules.refusalOfFolder(path)) ? { path } : { path, kind: "folders" };
  return { path, kind: (await rules.refusal(path)) ? "gone" : "files" };
}

async function relativePaths(root: string, absolutePaths: readonly string[]): Promise<string[]> {
  const aliases = new Map<string, string>();
  const paths = new Set<string>();
  for (const absolute of absolutePaths) {
    let path = relative(root, absolute);
    if (path.startsWith("..")) {
      // The watcher may name the folder by a link to it.
      const folder = dirname(absolute);
      let real = aliases.get(folder);
      if (real === undefined) {
        real = await realpath(folder).catch(() => folder);
        aliases.set(folder, real);
      }
      path = relative(root, join(real, absolute.slice(folder.length)));
    }
    const inside = path !== "" && path !== ".." && !path.startsWith(`..${sep}`) && !/^[A-Za-z]:/.test(path);
    if (inside) paths.add(path.split(sep).join("/"));
  }
  return [...paths].sort();
}
