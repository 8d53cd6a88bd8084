// Whether a folder's files have probably changed while nobody told of it: another machine writes to a network's disk, and a system
// may have no watchers left. What git does to the files shows in two of its own, which cost two looks at the disk.

import { dirname, join } from "node:path";
import type { Clocks } from "../../machine/clocks";
import { realPath } from "../../machine/realPath";
import type { ToldFolder } from "../../protocol/engine";
import { stampOf } from "../files/fileStamp";
import { findTop, gitFolder } from "../files/gitFolder";
import { isPassing } from "../files/refusal";
import { safeStat } from "../files/safeRead";

/** A pull changes the index, and so does every checkout and reset. */
const GIT_FILES = ["HEAD", "index"];

/** Without git, all files are looked at when nobody has told of any for so long. */
const LONG_MS = 3_600_000;

interface GitState {
  /** Empty without git. */
  readonly stamps: string;
  /** Whether what watches the folder sees git's files, too. */
  readonly isInside: boolean;
}

export class UntoldChanges {
  /** Undefined where the disk has not said. */
  #known: GitState | undefined;
  #toldAt: number;
  /** A disk that never answers is asked no second time. */
  #isLooking = false;

  constructor(
    private readonly folder: string,
    private readonly clocks: Clocks,
  ) {
    this.#toldAt = clocks.epochMs();
  }

  /** The files are about to be looked at: what is done from now on is new. */
  async begin(): Promise<void> {
    this.#known ??= await stateOf(this.folder);
  }

  /** Since this was asked last. @param told what a watcher has told meanwhile; undefined: nothing at all */
  async areLikely(told: ToldFolder | undefined): Promise<boolean> {
    if (told !== undefined) this.#toldAt = this.clocks.epochMs();
    if (this.#isLooking) return false;
    this.#isLooking = true;
    const before = this.#known;
    const now = await stateOf(this.folder);
    this.#isLooking = false;
    if (before === undefined || now === undefined) return false;
    this.#known = now;
    if (now.stamps === before.stamps) return now.stamps === "" && this.#isLongAgo();
    // What is done in a repository around the folder shows only in what it does to the folder.
    return now.isInside ? told?.isGitTold !== true : told === undefined;
  }

  #isLongAgo(): boolean {
    const now = this.clocks.epochMs();
    if (now - this.#toldAt < LONG_MS) return false;
    this.#toldAt = now;
    return true;
  }
}

async function stateOf(folder: string): Promise<GitState | undefined> {
  const root = await realPath(folder).catch(() => undefined);
  if (root === undefined) return undefined;
  const top = await findTop(root);
  const git = top === undefined ? undefined : await gitFolder(top);
  if (git === undefined) return { stamps: "", isInside: true };
  if ("refused" in git) return undefined;
  const found = await Promise.all(GIT_FILES.map((name) => safeStat(join(git.path, name))));
  if (found.some((one) => "refused" in one && isPassing(one.refused))) return undefined;
  const stamps = found.map((one) => ("stat" in one ? stampOf(one.stat) : one.refused)).join("\n");
  return { stamps, isInside: dirname(git.path) === root };
}
