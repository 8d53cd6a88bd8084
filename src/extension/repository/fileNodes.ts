// The files that a folder's state has read, by directory, in portions: a repository has thousands.

import type { FileReport } from "../../protocol/engine";
import { age, count, grouped } from "../phrases";
import type { ContextNode } from "./contextNode";

/** VS Code draws a longer list slowly, and nobody reads it. */
const MAX_CHILDREN = 250;

/** `folder` is the workspace folder's absolute path. */
export function fileNodes(folder: string, files: readonly FileReport[], now: number): readonly ContextNode[] {
  return new FileTree(folder, now).list("", files);
}

/** Such as "3 files · 1,204 tokens · 1 out of date". */
export function filesPhrase(files: readonly FileReport[]): string {
  const tokens = files.reduce((sum, file) => sum + file.tokens, 0);
  const stale = files.filter(({ isStale }) => isStale).length;
  const counts = `${count(files.length, "file")} · ${count(tokens, "token")}`;
  return stale === 0 ? counts : `${counts} · ${grouped(stale)} out of date`;
}

class FileTree {
  constructor(
    private readonly folder: string,
    private readonly now: number,
  ) {}

  /** `files` are all below `directory`, which is empty or ends in a slash. */
  list(directory: string, files: readonly FileReport[]): readonly ContextNode[] {
    const filesByDirectory = new Map<string, FileReport[]>();
    const ownFiles: FileReport[] = [];
    for (const file of files) {
      const slash = file.path.indexOf("/", directory.length);
      if (slash < 0) {
        ownFiles.push(file);
        continue;
      }
      const below = file.path.slice(0, slash + 1);
      const known = filesByDirectory.get(below);
      if (known) known.push(file);
      else filesByDirectory.set(below, [file]);
    }
    const directories = [...filesByDirectory].sort(([a], [b]) => compare(a, b));
    return this.paged(directory, [
      ...directories.map(([below, its]) => this.directoryNode(directory, below, its)),
      ...ownFiles.sort((a, b) => compare(a.path, b.path)).map((file) => this.fileNode(directory, file)),
    ]);
  }

  private directoryNode(parent: string, directory: string, files: readonly FileReport[]): ContextNode {
    const deepest = deepestCommonDirectory(directory, files);
    return {
      id: this.idOf(deepest),
      label: deepest.slice(parent.length, -1),
      description: filesPhrase(files),
      icon: "folder",
      children: () => this.list(deepest, files),
    };
  }

  /** What is switched off before it was read has no time of reading. */
  private fileNode(parent: string, { path, tokens, readAt, isStale }: FileReport): ContextNode {
    const facts = readAt === 0 ? "not read" : `${count(tokens, "token")} · read ${age(readAt, this.now)}`;
    return {
      id: this.idOf(path),
      label: path.slice(parent.length),
      description: isStale ? `out of date · ${facts}` : facts,
      tooltip: `${path}: ${facts}${isStale ? "\nIt has changed since; its new text has not been read yet." : ""}`,
      ...(isStale && { icon: "history" }),
      source: { kind: "file", folder: this.folder, path },
      place: { folder: this.folder, path },
    };
  }

  private paged(directory: string, nodes: readonly ContextNode[], page = 1): readonly ContextNode[] {
    if (nodes.length <= MAX_CHILDREN) return nodes;
    const rest = nodes.slice(MAX_CHILDREN);
    const more: ContextNode = {
      id: `${this.idOf(directory)}#${page}`,
      label: `${grouped(rest.length)} more…`,
      icon: "ellipsis",
      children: () => this.paged(directory, rest, page + 1),
    };
    return [...nodes.slice(0, MAX_CHILDREN), more];
  }

  private idOf(path: string): string {
    return `files/${path}@${this.folder}`;
  }
}

/** A directory that holds nothing but another one is not worth a line of its own. */
function deepestCommonDirectory(directory: string, files: readonly FileReport[]): string {
  const first = files[0]!.path;
  for (let deepest = directory; ; ) {
    const slash = first.indexOf("/", deepest.length);
    if (slash < 0) return deepest;
    const next = first.slice(0, slash + 1);
    if (!files.every(({ path }) => path.startsWith(next))) return deepest;
    deepest = next;
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
