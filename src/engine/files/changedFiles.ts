// Digests what a file watcher reports, however much at once: a checkout of 5,000 files is one batch.

import { join } from "node:path";
import { hasAncestorIn } from "./hasAncestorIn";
import { insideOf } from "./insideOf";
import { listFiles } from "./listFiles";
import type { ReadRules } from "./readRules";
import { isPassing } from "./refusal";
import { safeStat } from "./safeRead";
import { someAtOnce } from "./someAtOnce";

export interface Changes {
  /**
   * Files that are there and may be read; of a folder that is there, those in it, because it may have been moved in.
   * All paths are relative to the workspace folder, with "/", sorted.
   */
  readonly present: readonly string[];
  /** Files that are no longer there or may not be read; or folders, and then all that was in them is gone. */
  readonly removed: readonly string[];
  /** Files and folders of which nothing can be said just now: what is known of them holds until they are looked at again. */
  readonly unread: readonly string[];
  /** An ignore file changed, or may have: load new rules and list the files anew. The rest is by the old rules. */
  readonly rulesChanged: boolean;
  /** The repository moved to another commit, or there were too many changes to name: any file may be another. */
  readonly headChanged: boolean;
}

/**
 * @param folder the workspace folder as the watcher names it, which may be a link
 * @param absolutePaths those outside of the folder do not count; the folder itself: any file in it
 */
export async function changedFiles(
  folder: string,
  rules: ReadRules,
  absolutePaths: readonly string[],
  signal?: AbortSignal,
): Promise<Changes> {
  const { paths, isAny } = inFolder(folder, rules, absolutePaths);
  rules.forgetFolders();
  const judgements = await someAtOnce(paths, (path) => judge(rules, path), signal);
  const of = (kind: Judgement["kind"]) => judgements.filter((it) => it.kind === kind).map(({ path }) => path);
  const present = new Set(of("file"));
  const unread = new Set(of("unread"));
  for (const under of outermost(of("folder"))) {
    const listing = await listFiles(rules, signal, { under });
    for (const { path } of listing.files) present.add(path);
    for (const path of listing.unread) unread.add(path);
  }
  return {
    present: [...present].sort(),
    removed: of("removed"),
    unread: [...unread].sort(),
    rulesChanged: isAny || of("rule").length > 0,
    headChanged: isAny || paths.includes(".git/HEAD"),
  };
}

const IN_GIT = /(?:^|\/)\.git\//;
const INFO_EXCLUDE = /(?:^|\/)\.git\/info\/exclude$/;
/** `.git` itself: a repository begins or ends here. Some disks find a `.GitIgnore` by git's name for it. */
const RULE_FILES = /(?:^|\/)(?:\.gitignore|\.griffinignore|\.git)$/i;

/** Whether some of what changed says which files may be read. */
export async function rulesChanged(
  folder: string,
  rules: ReadRules,
  absolutePaths: readonly string[],
): Promise<boolean> {
  rules.forgetFolders();
  const { paths, isAny } = inFolder(folder, rules, absolutePaths);
  if (isAny) return true;
  for (const path of paths) if (await isRule(rules, path)) return true;
  return false;
}

interface Judgement {
  readonly path: string;
  /** "nothing": it was never read, or is git's own. */
  readonly kind: "file" | "folder" | "removed" | "unread" | "rule" | "nothing";
}

async function judge(rules: ReadRules, path: string): Promise<Judgement> {
  if (await isRule(rules, path)) return { path, kind: "rule" };
  if (IN_GIT.test(path)) return { path, kind: "nothing" };
  const found = await safeStat(join(rules.root, path));
  if ("refused" in found) return { path, kind: isPassing(found.refused) ? "unread" : "removed" };
  const isFolder = found.stat.isDirectory();
  const refusal = await (isFolder ? rules.refusalOfFolder(path) : rules.refusal(path));
  if (refusal === undefined) return { path, kind: isFolder ? "folder" : "file" };
  if (isPassing(refusal)) return { path, kind: "unread" };
  return { path, kind: isFolder ? "nothing" : "removed" };
}

async function isRule(rules: ReadRules, path: string): Promise<boolean> {
  if (INFO_EXCLUDE.test(path)) return true;
  if (!RULE_FILES.test(path)) return false;
  // Packages bring ignore files of their own, and so may git's data, which say nothing of what is read.
  const slash = path.lastIndexOf("/");
  const refusal = slash < 0 ? undefined : await rules.refusalOfFolder(path.slice(0, slash));
  // What cannot be read itself says something all the same.
  return refusal === undefined || isPassing(refusal);
}

/** Without those that lie in another. */
function outermost(folders: readonly string[]): string[] {
  const all = new Set(folders);
  return folders.filter((path) => !hasAncestorIn(all, path));
}

interface InFolder {
  readonly paths: readonly string[];
  /** The folder itself was named: any file in it. */
  readonly isAny: boolean;
}

/** Of paths as a watcher names them, those in the folder. */
function inFolder(folder: string, rules: ReadRules, absolutePaths: readonly string[]): InFolder {
  const paths = new Set<string>();
  let isAny = false;
  for (const absolute of absolutePaths) {
    const path = insideOf(folder, absolute) ?? insideOf(rules.root, absolute);
    isAny ||= path === "";
    if (path) paths.add(path);
  }
  return { paths: [...paths].sort(), isAny };
}
