// A folder of state files: their names, sizes and times, which of them are in use, and how they go. Knows no contents.
//
// No lock is needed between windows that share the folder. A file never changes once it has its name, and equal names
// mean equal content; writing ends in a rename, so a reader finds a whole file or none; a reader that has opened a file
// keeps it while another removes its name. Only removal needs care, because a window may choose a state while another
// removes it: `prune` takes the file's name away first and looks at the pointers then; `setLatest` writes the pointer
// first and looks for the file then. Whichever comes first, one of the two sees the other: the file comes back, or
// setLatest says that it is gone. Losing a state costs time, never correctness.

import { join } from "node:path";
import { isDiskFull } from "../../machine/diskFull";
import { freeDiskBytes } from "../../machine/diskRoom";
import { makeFolder } from "../../machine/makeFolder";
import { type Files, isAbandoned, parseUnfinished, unfinishedName, writeWhole } from "../../machine/wholeFile";
import type { ClearedStates, LogLevel } from "../../protocol/engine";
import { clearStateFolder, isStateName, removing } from "./clearing";
import type { StateKey } from "./keys";
import { LatestPointers } from "./latestPointers";
import { writeProblem } from "./writeProblem";

export interface StateFolderOptions {
  /** Made when it is missing. Files in it that are not the store's are left alone. */
  readonly folder: string;
  readonly files: Files;
  readonly log: (level: LogLevel, message: string) => void;
}

interface FoundFile {
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly lastUsed: number;
}

const DAY_MS = 24 * 3_600_000;
/** A state that a folder used within a month goes after all others, and one that was used within a day does not go. */
const PROTECTED_MS = [30 * DAY_MS, DAY_MS] as const;

export class StateFolder {
  /** The last one of a row of failures: the same sentence is logged once. */
  #problem = "";
  /** The last write did not fit on the disk. */
  #wasFull = false;
  readonly #pointers: LatestPointers;

  constructor(private readonly options: StateFolderOptions) {
    this.#pointers = new LatestPointers(options.folder, options.files);
  }

  pathOf(key: StateKey): string {
    return join(this.options.folder, `${key}.state`);
  }

  /** The states of any model. */
  async keys(): Promise<StateKey[]> {
    return (await this.#names()).filter(isStateName).map(keyOf);
  }

  async find(key: StateKey): Promise<FoundFile | undefined> {
    return this.#find(this.pathOf(key));
  }

  /** Why the last write did not succeed; empty when it did. */
  get problem(): string {
    return this.#problem;
  }

  /** @returns whether the file is on disk now. If not, the log says why. */
  async write(key: StateKey, parts: readonly Uint8Array[]): Promise<boolean> {
    return this.#writing(async () => {
      if (this.#wasFull) await this.#throwIfStillFull(parts);
      await writeWhole(this.pathOf(key), parts, this.options.files);
    });
  }

  /** Marks the state as used now. Returns whether it is there. */
  async touch(key: StateKey): Promise<boolean> {
    const now = new Date();
    await this.options.files.utimes(this.pathOf(key), now, now).catch(() => {}); // Not allowed in a read-only folder.
    return (await this.find(key)) !== undefined;
  }

  async remove(key: StateKey): Promise<boolean> {
    return this.#removing(() => this.options.files.unlink(this.pathOf(key)));
  }

  /** The keys that `owner` used last, newest first. */
  async latest(owner: string): Promise<StateKey[]> {
    return this.#pointers.read(owner);
  }

  /** @returns whether it is remembered, and the state is on disk */
  async setLatest(owner: string, key: StateKey): Promise<boolean> {
    const present = new Set(await this.keys());
    const isWritten = await this.#writing(() => this.#pointers.write(owner, key, present));
    return isWritten && this.touch(key);
  }

  /** Finishes what dead processes began. A state that is in use comes back when one of them had its name away. */
  async tidy(): Promise<void> {
    for (const name of await this.#names()) {
      const unfinished = parseUnfinished(name);
      if (unfinished === undefined) continue;
      const path = join(this.options.folder, name);
      const found = await this.#find(path);
      if (found === undefined || !isAbandoned(unfinished.pid, found.lastUsed)) continue;
      const { kind, finished } = unfinished;
      if (kind === "removed" && isStateName(finished))
        await this.#finishRemoval(keyOf(finished), path, PROTECTED_MS[0]);
      else await this.#removing(() => this.options.files.unlink(path));
    }
    await this.#pointers.removeUnused(PROTECTED_MS[0], new Set(await this.keys()));
  }

  /** Tidies, and removes the least recently used states beyond `budgetBytes`; folders' latest ones last. */
  async prune(budgetBytes: number): Promise<void> {
    await this.tidy();
    for (const protectedMs of PROTECTED_MS) {
      const states = [];
      for (const key of await this.keys()) {
        const found = await this.find(key);
        if (found) states.push({ key, ...found });
      }
      let total = states.reduce((sum, { bytes }) => sum + bytes, 0);
      if (total <= budgetBytes) return;
      const protectedKeys = await this.#pointers.protectedKeys(protectedMs);
      const others = states.filter(({ key }) => !protectedKeys.has(key));
      for (const { key, bytes } of others.sort((a, b) => a.lastUsed - b.lastUsed)) {
        if (total <= budgetBytes) return;
        if (await this.#takeAway(key, protectedMs)) total -= bytes;
      }
    }
  }

  /** Removes the state unless a folder used it last within a month. */
  async removeUnlessLatest(key: StateKey): Promise<void> {
    const protectedMs = PROTECTED_MS[0];
    if (!(await this.#pointers.protectedKeys(protectedMs)).has(key)) await this.#takeAway(key, protectedMs);
  }

  /** Removes states and what belongs to them. @param workspaceFolders see Clearing */
  async clear(workspaceFolders?: readonly string[]): Promise<ClearedStates> {
    return clearStateFolder({ ...this.options, workspaceFolders });
  }

  /**
   * First the name goes, then the pointers are read: see the top of this file.
   * @returns whether the file is gone
   */
  async #takeAway(key: StateKey, protectedMs: number): Promise<boolean> {
    const path = this.pathOf(key);
    const aside = unfinishedName(path, "removed");
    const isRenamed = await this.#removing(() => this.options.files.rename(path, aside));
    return isRenamed && this.#finishRemoval(key, aside, protectedMs);
  }

  /** @returns whether the file is gone */
  async #finishRemoval(key: StateKey, aside: string, protectedMs: number): Promise<boolean> {
    const isLatest = (await this.#pointers.protectedKeys(protectedMs)).has(key);
    if (!isLatest) return this.#removing(() => this.options.files.unlink(aside));
    await this.#removing(() => this.options.files.rename(aside, this.pathOf(key)));
    return false;
  }

  /** Whoever tries again and again would take what little room there is from others each time. */
  async #throwIfStillFull(parts: readonly Uint8Array[]): Promise<void> {
    const bytes = parts.reduce((sum, part) => sum + part.length, 0);
    if ((await freeDiskBytes(this.options.folder)) < bytes)
      throw Object.assign(new Error("no room"), { code: "ENOSPC" });
  }

  async #names(): Promise<string[]> {
    return this.options.files.readdir(this.options.folder).catch(() => []);
  }

  async #find(path: string): Promise<FoundFile | undefined> {
    const found = await this.options.files.stat(path).catch(() => undefined);
    return found && { bytes: found.size, lastUsed: found.mtimeMs };
  }

  async #writing(action: () => Promise<void>): Promise<boolean> {
    const { folder, files } = this.options;
    try {
      // A folder that is there already keeps its permissions: it may be the user's own. Files have theirs.
      await makeFolder(folder, 0o700, files.mkdir);
      await action();
      this.#problem = "";
      this.#wasFull = false;
      return true;
    } catch (error) {
      const problem = writeProblem(folder, error);
      if (problem !== this.#problem) this.options.log("warn", problem);
      this.#problem = problem;
      this.#wasFull = isDiskFull(error);
      return false;
    }
  }

  async #removing(action: () => Promise<void>): Promise<boolean> {
    return (await removing(action, this.options.log)) === "removed";
  }
}

function keyOf(name: string): StateKey {
  return name.slice(0, 64);
}
