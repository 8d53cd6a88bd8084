// What of a workspace folder the model may read: the rules as they stood when they were loaded. A value: when an ignore
// file changes (changedFiles.ts tells), load new ones.
//
// An ignore file that git ignores itself counts all the same, as for git. One that is a link counts, but for a .gitignore, of
// which git follows no link either.

import { stat } from "node:fs/promises";
import { basename, join, relative, sep } from "node:path";
import { realPath } from "../../machine/realPath";
import { stampOf } from "./fileStamp";
import { type EntryKind, type FolderContent, FolderRules, type Outside } from "./folderRules";
import { commonFolder, findTop } from "./gitFolder";
import { findGlobalExcludes } from "./globalExcludes";
import { findIgnoreCase } from "./ignoreCase";
import { IgnorePatterns, ignoresCase } from "./ignorePatterns";
import { isPassing, type Refusal } from "./refusal";
import { refusalOfError, safeRead, safeStat } from "./safeRead";
import { isSecretFolder } from "./secretNames";

export interface RuleOptions {
  /** The user's own exclusions, in the form of an ignore file's lines, relative to the workspace folder. */
  readonly exclude?: readonly string[];
  /** Git's ignore file for all of a user's repositories; unset: git is asked for it. Otherwise git is asked for nothing. */
  readonly globalExcludesPath?: string;
  /** Whether letters' case does not count in git's ignore files; unset: as for git. */
  readonly ignoreCase?: boolean;
}

/** @throws when the folder itself cannot be opened, or git's settings cannot be read */
export async function loadRules(folder: string, options: RuleOptions = {}): Promise<ReadRules> {
  const root = await realPath(folder);
  const foundTop = await findTop(root);
  const isAsked = options.globalExcludesPath === undefined;
  const globalPath = isAsked ? await findGlobalExcludes(root, foundTop) : options.globalExcludesPath;
  const foundCase = options.ignoreCase ?? (await findIgnoreCase(foundTop, isAsked));
  const stamps = new Map<string, string>();
  const readNoting: typeof readIgnoreFile = async (path, followLinks) => {
    stamps.set(path, await stampNow(path));
    return readIgnoreFile(path, followLinks);
  };
  const globalExcludes = globalPath === undefined ? undefined : await readNoting(globalPath);
  const top = foundTop ?? root;
  const ignoreCase = foundCase ?? false;
  // What a repository's settings say of git's files must not open what the user has excluded.
  const ownIgnoreCase = ignoreCase || ignoresCase();
  const outside: Outside = {
    topName: basename(top),
    ignoreCase,
    ownIgnoreCase,
    // One that cannot be read is worth a warning to git, and not the whole folder to us.
    globalExcludes: new IgnorePatterns(globalExcludes ?? "", ignoreCase),
    exclude: IgnorePatterns.ofLines(options.exclude ?? [], ownIgnoreCase),
  };
  const names = relative(top, root).split(sep).filter(Boolean);
  const contentOf = (folder: string) => readFolderContent(folder, undefined, readNoting);
  let rules = FolderRules.top(outside, await contentOf(top));
  for (const [index, name] of names.entries()) {
    rules = rules.enterAbove(name, await contentOf(join(top, ...names.slice(0, index + 1))));
  }
  const isSecret = root.split(sep).some(isSecretFolder);
  const enclosed = rules.asRoot();
  // Whoever opens a folder that the repository around it ignores means that folder: it stands for itself then. Not so
  // where the rules around it are not known.
  const { refusal } = enclosed;
  const standsForItself = refusal !== undefined && refusal !== "rulesTooLong" && !isPassing(refusal);
  const rootRules = standsForItself
    ? FolderRules.top({ ...outside, topName: basename(root) }, await contentOf(root)).asRoot()
    : enclosed;
  const isUnknown = globalPath === undefined || foundCase === undefined;
  const refusalOfRoot = isSecret ? "secret" : isUnknown ? "unreadable" : undefined;
  return new ReadRules(root, rootRules, refusalOfRoot, stamps);
}

/** Folders whose rules are kept, and the length of their ignore files; beyond it they are read anew. */
const MAX_KEPT_FOLDERS = 20_000;
const MAX_KEPT_BYTES = 1024 * 1024;

type FoundRules = { readonly rules: FolderRules } | { readonly refused: Refusal };

export class ReadRules {
  readonly #kept = new Map<string, Promise<FoundRules>>();
  #keptBytes = 0;

  constructor(
    /** The workspace folder, with no link in its path. */
    readonly root: string,
    readonly rootRules: FolderRules,
    private readonly rootRefusal: Refusal | undefined,
    /** Of each ignore file that was read for the root, or looked for, what `stampNow` said. */
    private readonly stamps: ReadonlyMap<string, string>,
  ) {}

  /** Whether what was loaded is another by now. Most of those files lie where nobody watches: above the root, or at the user's. */
  async areOld(): Promise<boolean> {
    const entries = [...this.stamps];
    const now = await Promise.all(entries.map(([path]) => stampNow(path)));
    return entries.some(([, stamp], index) => stamp !== now[index]);
  }

  /** Why nothing at all may be read: the folder itself is ignored, or one of secrets, or its rules are not known. */
  get refusalOfAll(): Refusal | undefined {
    return this.rootRefusal ?? this.rootRules.refusal;
  }

  /**
   * Why one file may not be read; nothing when it may. Names, ignore files and links are judged here; readSource judges
   * what is inside. The file need not exist.
   * @param path relative to the root, with "/"
   */
  async refusal(path: string): Promise<Refusal | undefined> {
    const parts = path.split("/");
    if (!isInside(parts)) return "outside";
    if (this.refusalOfAll) return this.refusalOfAll;
    const name = parts.pop()!;
    const folder = await this.folder(parts);
    if ("refused" in folder) return folder.refused;
    const kind = await kindOf(join(this.root, ...parts, name));
    if (kind === "unreadable") return folder.rules.refusalOf(name, "file") ?? kind;
    return folder.rules.refusalOf(name, kind === "folder" ? "other" : (kind ?? "file"));
  }

  /** As `refusal`, for a folder and with it all that is in it. */
  async refusalOfFolder(path: string): Promise<Refusal | undefined> {
    const parts = path.split("/");
    if (!isInside(parts)) return "outside";
    if (this.refusalOfAll) return this.refusalOfAll;
    const folder = await this.folder(parts);
    return "refused" in folder ? folder.refused : folder.rules.refusal;
  }

  /** Looks at the folders anew when they are next asked for: some came or went, with ignore files in them. */
  forgetFolders(): void {
    this.#kept.clear();
    this.#keptBytes = 0;
  }

  /** The rules of a folder, or why it is not entered. */
  folder(parts: readonly string[]): Promise<FoundRules> {
    if (parts.length === 0) return Promise.resolve({ rules: this.rootRules });
    const key = parts.join("/");
    let rules = this.#kept.get(key);
    if (!rules) {
      if (this.#kept.size >= MAX_KEPT_FOLDERS) this.forgetFolders();
      rules = this.#loadFolder(parts);
      this.#kept.set(key, rules);
    }
    return rules;
  }

  async #loadFolder(parts: readonly string[]): Promise<FoundRules> {
    const found = await this.folder(parts.slice(0, -1));
    if ("refused" in found) return found;
    const parent = found.rules;
    const name = parts.at(-1)!;
    const path = join(this.root, ...parts);
    const kind = (await kindOf(path)) ?? "folder";
    const refused = kind === "unreadable" ? (parent.refusalOf(name, "folder") ?? kind) : parent.refusalOf(name, kind);
    if (refused) return { refused };
    const rules = parent.enter(name, await readFolderContent(path));
    this.#keptBytes += rules.addedBytes;
    if (this.#keptBytes > MAX_KEPT_BYTES) this.forgetFolders();
    return { rules };
  }
}

/**
 * What of a folder's content makes rules.
 * @param smallNames what is in it and begins with a dot, in small letters, if that is known: some disks find a `.GitIgnore` by git's name for it
 */
export async function readFolderContent(
  folder: string,
  smallNames?: ReadonlySet<string>,
  read = readIgnoreFile,
): Promise<FolderContent> {
  const has = (name: string) => !smallNames || smallNames.has(name);
  const gitignore = has(".gitignore") ? await read(join(folder, ".gitignore"), false) : "";
  const griffinignore = has(".griffinignore") ? await read(join(folder, ".griffinignore")) : "";
  const common = has(".git") ? await commonFolder(folder) : undefined;
  const infoExclude = common && "path" in common ? await read(join(common.path, "info", "exclude")) : "";
  if (gitignore === undefined || griffinignore === undefined || infoExclude === undefined) return "unreadable";
  if (common === undefined) return { gitignore, griffinignore };
  if ("path" in common) return { gitignore, griffinignore, repository: { infoExclude } };
  return isPassing(common.refused) ? "unreadable" : { gitignore, griffinignore };
}

const MAX_IGNORE_FILE_BYTES = 1024 * 1024;

/** Bytes, one to a character; empty when there is none; `undefined` when it is there and cannot be read. */
async function readIgnoreFile(path: string, followLinks = true): Promise<string | undefined> {
  const read = await safeRead(path, MAX_IGNORE_FILE_BYTES, { followLinks });
  if (!("refused" in read)) return read.bytes.toString("latin1");
  return read.refused === "gone" || read.refused === "link" || read.refused === "notAFile" ? "" : undefined;
}

async function stampNow(path: string): Promise<string> {
  return stat(path).then(stampOf, refusalOfError);
}

function isInside(parts: readonly string[]): boolean {
  return parts.every((part) => part !== "" && part !== "." && part !== ".." && !NOT_IN_NAMES.test(part));
}

/** On Windows a backslash parts folders, and a colon names a drive or a stream. */
const NOT_IN_NAMES = process.platform === "win32" ? /[\\:\0]/ : /\0/;

/** What the disk says of the path itself; `undefined` when there is nothing. */
export async function kindOf(path: string): Promise<EntryKind | "unreadable" | undefined> {
  const found = await safeStat(path);
  if ("refused" in found) {
    if (found.refused === "gone") return undefined;
    return found.refused === "unreadable" ? found.refused : "other";
  }
  const { stat } = found;
  if (stat.isSymbolicLink()) return "link";
  if (stat.isDirectory()) return "folder";
  return stat.isFile() ? "file" : "other";
}
