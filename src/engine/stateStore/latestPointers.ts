// Which states a model used last in a workspace folder, newest first: one small file for each owner, which is such a model in
// such a folder.

import { createHash } from "node:crypto";
import { join } from "node:path";
import { type Files, writeWhole } from "../../machine/wholeFile";
import type { StateKey } from "./keys";

/**
 * The newest is used, and it alone is protected. The others are there for the day on which the newest is damaged, and to
 * find what was read on other branches when it may not be known any more.
 */
const REMEMBERED = 100;
const NAME = /^latest-[0-9a-f]{32}\.json$/;
const KEY = /^[0-9a-f]{64}$/;

/** Another model of the same folder has a latest state of its own: who goes back to that model finds it. */
export function ownerOf(modelKey: StateKey, folderId: string): string {
  return `${modelKey} ${folderId}`;
}

/** Of the owner's file. A hash, because a folder's path is part of an owner. */
export function pointerName(owner: string): string {
  return `latest-${createHash("sha256").update(owner).digest("hex").slice(0, 32)}.json`;
}

export class LatestPointers {
  constructor(
    private readonly folder: string,
    private readonly files: Files,
  ) {}

  /** The keys that `owner` used last, newest first. */
  async read(owner: string): Promise<StateKey[]> {
    const path = this.#path(owner);
    const keys = await this.#readFile(path);
    if (keys.length > 0) await this.files.utimes(path, new Date(), new Date()).catch(() => {});
    return keys;
  }

  /** @param present keys of states that are there: no others are remembered beside the new one */
  async write(owner: string, key: StateKey, present: ReadonlySet<StateKey>): Promise<void> {
    const path = this.#path(owner);
    const earlier = (await this.#readFile(path)).filter((other) => other !== key && present.has(other));
    const keys = [key, ...earlier].slice(0, REMEMBERED);
    await writeWhole(path, [Buffer.from(JSON.stringify({ keys }))], this.files);
  }

  /** The newest key of each owner that was there within the last `withinMs`. */
  async protectedKeys(withinMs: number): Promise<Set<StateKey>> {
    const keys = new Set<StateKey>();
    for (const name of (await this.files.readdir(this.folder)).filter(isPointerName)) {
      const path = join(this.folder, name);
      const newest = (await this.#readFile(path))[0];
      const modifiedMs = (await this.files.stat(path).catch(() => undefined))?.mtimeMs ?? 0;
      if (newest !== undefined && Date.now() - modifiedMs < withinMs) keys.add(newest);
    }
    return keys;
  }

  /**
   * Removes those that nobody has read or written for `unusedMs`, and whose states have all gone. One that is written in this
   * very moment may go, too: then its state is found by its content.
   */
  async removeUnused(unusedMs: number, present: ReadonlySet<StateKey>): Promise<void> {
    for (const name of (await this.files.readdir(this.folder).catch(() => [])).filter(isPointerName)) {
      const path = join(this.folder, name);
      const modifiedMs = (await this.files.stat(path).catch(() => undefined))?.mtimeMs ?? Number.POSITIVE_INFINITY;
      if (Date.now() - modifiedMs < unusedMs || (await this.#readFile(path)).some((key) => present.has(key))) continue;
      await this.files.unlink(path).catch(() => {}); // Not allowed in a read-only folder.
    }
  }

  #path(owner: string): string {
    return join(this.folder, pointerName(owner));
  }

  /** Empty when there is no such file, or it says nothing: the state is found by its content then. */
  async #readFile(path: string): Promise<StateKey[]> {
    try {
      const { keys } = JSON.parse(await this.files.readFile(path, "utf8")) as { keys: unknown };
      return (keys as unknown[]).filter((key): key is StateKey => typeof key === "string" && KEY.test(key));
    } catch {
      return [];
    }
  }
}

export function isPointerName(name: string): boolean {
  return NAME.test(name);
}
