// Workspace folders may lie in each other: what the user says of the inner one holds also for whoever reads the outer one.

import type { WorkspaceFolder } from "../../protocol/engine";
import { insideOf } from "../files/insideOf";

/**
 * The folders, each with the patterns of what is not read of those within it.
 * @param exclude patterns for folders that have none of their own
 */
export function obeyingNested(folders: readonly WorkspaceFolder[], exclude: readonly string[]): WorkspaceFolder[] {
  return folders.map((folder) => {
    const nested = folders.flatMap((inner) => {
      const path = insideOf(folder.path, inner.path);
      // What holds for all folders at each depth is the outer one's already, unless it has patterns of its own.
      const ofAll = folder.exclude === undefined ? exclude.filter(isAnchored) : exclude;
      return path ? patternsOf(inner, escaped(path), ofAll) : [];
    });
    return nested.length === 0 ? folder : { ...folder, exclude: [...(folder.exclude ?? exclude), ...nested] };
  });
}

/** What the inner folder forbids, in the outer one's words. What it allows again, the outer one may forbid for itself. */
function patternsOf({ isRead, exclude }: WorkspaceFolder, path: string, ofAll: readonly string[]): string[] {
  if (isRead === false) return [`/${path}/`];
  return (exclude ?? ofAll).filter((pattern) => !/^\s*$|^[#!]/.test(pattern)).map((pattern) => within(path, pattern));
}

/** A pattern with a slash before its end begins at its folder; any other holds at each depth (gitignore(5)). */
function isAnchored(pattern: string): boolean {
  return /\/./.test(pattern);
}

function within(path: string, pattern: string): string {
  return isAnchored(pattern) ? `/${path}/${pattern.replace(/^\//, "")}` : `/${path}/**/${pattern}`;
}

function escaped(path: string): string {
  return path.replace(/[\\*?[\]]/g, "\\$&");
}
