// The rules that hold in one folder: what its own ignore files add to those above it. Immutable; a folder without ignore
// files shares its parent's lists. Knows nothing of the disk.
//
// Three judges, and what one refuses the others cannot let in: the names of secrets; git's ignore files; ours
// (folders of packages, then .griffinignore files, then the user's setting).

import { toByteText } from "./byteText";
import { composedName } from "./composedName";
import { refusalOfName } from "./fileKinds";
import { areTooLong, IgnorePatterns } from "./ignorePatterns";
import type { Refusal } from "./refusal";
import { isSecretFolder, isSecretPath } from "./secretNames";
import { VENDORED_FOLDERS } from "./vendoredFolders";

/** An ignore file's lines, the folder they are relative to, and what they say. */
export interface Level {
  readonly patterns: IgnorePatterns;
  /** Length in bytes of the folder's path from the top, with its slash. */
  readonly baseLength: number;
  readonly refusal: Refusal;
}

/** From the farthest folder to the nearest: git's ignore files, and what is ours. */
interface Levels {
  readonly git: readonly Level[];
  readonly own: readonly Level[];
}

/** "unreadable": an ignore file or a repository is there and cannot be read, so nothing is known to be allowed. */
export type FolderContent = "unreadable" | ReadContent;

interface ReadContent {
  /** Bytes of the ignore files that lie in the folder, one to a character; empty where there are none. */
  readonly gitignore: string;
  readonly griffinignore: string;
  /** The folder is a repository of its own: what the outer one's git ignores counts no more. */
  readonly repository?: { readonly infoExclude: string };
}

export interface Outside {
  /** The topmost folder's own name: it may be what makes a file in it a secret, as `.m2` does of `settings.xml`. */
  readonly topName: string;
  /** Of git's own files. */
  readonly ignoreCase: boolean;
  /** Of .griffinignore files. */
  readonly ownIgnoreCase: boolean;
  /** The user's ignore file for all repositories. */
  readonly globalExcludes: IgnorePatterns;
  /** The user's setting: lines as in an ignore file. */
  readonly exclude: IgnorePatterns;
}

export type EntryKind = "file" | "folder" | "link" | "other";

export class FolderRules {
  private constructor(
    private readonly outside: Outside,
    /** Why nothing in this folder may be read. */
    readonly refusal: Refusal | undefined,
    /** From the repository's top, "/" at its end unless it is the top. Bytes. */
    private readonly path: string,
    private readonly levels: Levels,
    /** The bytes of the ignore files that lie in the folder itself, as far as they are parsed. */
    readonly addedBytes = 0,
  ) {}

  /** The rules of the topmost folder whose ignore files count. */
  static top(outside: Outside, content: FolderContent): FolderRules {
    const { exclude } = outside;
    const vendored: Level = { patterns: VENDORED, baseLength: 0, refusal: "vendored" };
    if (areTooLong([exclude])) return new FolderRules(outside, "rulesTooLong", "", { git: [], own: [vendored] });
    const user: Level = { patterns: exclude, baseLength: 0, refusal: "excluded" };
    const rules = new FolderRules(outside, undefined, "", { git: [], own: [vendored, user] });
    const asRepository = content === "unreadable" ? content : { repository: { infoExclude: "" }, ...content };
    return rules.#with(asRepository, "", undefined);
  }

  /** The rules of a folder in this one. */
  enter(name: string, content: FolderContent): FolderRules {
    return this.#with(content, `${this.path}${bytesOf(name)}/`, this.refusalOf(name, "folder"));
  }

  /** As `enter`, for the folders above the workspace's: only git's word counts there. */
  enterAbove(name: string, content: FolderContent): FolderRules {
    const bytes = bytesOf(name);
    const refusal = this.refusal ?? lastWord(this.levels.git, this.path + bytes, bytes, true);
    return this.#with(content, `${this.path}${bytes}/`, refusal);
  }

  /** These rules in a folder that is the workspace's own: its setting is relative to it. */
  asRoot(): FolderRules {
    const own = this.levels.own.map((level) =>
      level.refusal === "excluded" ? { ...level, baseLength: this.path.length } : level,
    );
    return new FolderRules(this.outside, this.refusal, this.path, { ...this.levels, own });
  }

  /** What is said of something in this folder. */
  refusalOf(name: string, kind: EntryKind): Refusal | undefined {
    if (this.refusal) return this.refusal;
    const isFolder = kind === "folder";
    const small = name.toLowerCase();
    if (VERSION_CONTROL.has(small)) return "repositoryData";
    if (isFolder ? isSecretFolder(small) : this.#isSecretFile(small)) return "secret";
    if (kind === "link") return "link";
    if (kind === "other") return "notAFile";
    const bytes = bytesOf(name);
    const path = this.path + bytes;
    const refusal =
      lastWord(this.levels.git, path, bytes, isFolder) ?? lastWord(this.levels.own, path, bytes, isFolder);
    return refusal ?? (isFolder ? undefined : refusalOfName(name));
  }

  #isSecretFile(name: string): boolean {
    // This folder's name, and that of the one it lies in: the rest of the path was judged above.
    const folders = this.path.split("/").slice(-3).join("/");
    return isSecretPath(folders + name, this.outside.topName);
  }

  #with(content: FolderContent, path: string, refusal: Refusal | undefined): FolderRules {
    const { outside } = this;
    const closed = (word: Refusal) => new FolderRules(outside, refusal ?? word, path, this.levels);
    if (content === "unreadable") return closed(content);
    const { gitignore, griffinignore, repository } = content;
    const patternsOf = (written: string) => new IgnorePatterns(written, outside.ignoreCase);
    const above = repository ? this.levels.own : [...this.levels.git, ...this.levels.own];
    const gits = [
      ...(repository ? [outside.globalExcludes, patternsOf(repository.infoExclude)] : []),
      patternsOf(gitignore),
    ];
    const ours = new IgnorePatterns(griffinignore, outside.ownIgnoreCase);
    // Before they are parsed.
    if (areTooLong([...above.map(({ patterns }) => patterns), ...gits, ours])) return closed("rulesTooLong");
    const addedBytes = [...gits, ours].reduce((sum, { bytes }) => sum + bytes, 0);
    const level = (patterns: IgnorePatterns, word: Refusal): Level[] =>
      patterns.isEmpty ? [] : [{ patterns, baseLength: path.length, refusal: word }];
    const added = gits.flatMap((patterns) => level(patterns, "ignored"));
    const git = repository ? added : added.length === 0 ? this.levels.git : [...this.levels.git, ...added];
    // The user's setting stays the last, and so the strongest.
    const own =
      griffinignore === ""
        ? this.levels.own
        : [...this.levels.own.slice(0, -1), ...level(ours, "griffinignore"), ...this.levels.own.slice(-1)];
    return new FolderRules(outside, refusal, path, { git, own }, addedBytes);
  }
}

const VENDORED = IgnorePatterns.ofLines(VENDORED_FOLDERS, true);

const VERSION_CONTROL = new Set([".git", ".hg", ".svn", ".jj", ".bzr", "_darcs", ".fslckout", ".pijul"]);

/** The nearest file that says anything of the path has the last word: the lists go from the farthest to the nearest. */
function lastWord(levels: readonly Level[], path: string, name: string, isFolder: boolean): Refusal | undefined {
  for (let index = levels.length - 1; index >= 0; index--) {
    const level = levels[index]!;
    const match = level.patterns.lastMatch(path.slice(level.baseLength), name, isFolder);
    if (match) return match.excludes ? level.refusal : undefined;
  }
  return undefined;
}

function bytesOf(text: string): string {
  return toByteText(composedName(text));
}
