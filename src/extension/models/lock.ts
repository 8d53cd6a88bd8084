// One window at a time works in the folder of models; the others wait.
//
// The lock is a file that its holder touches. Whose holder has died, or has not touched it for long, is stale: process
// ids alone would not do, since they are used again, and a home folder may be shared between machines.

import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { isAlive } from "../../engine/processes";
import { type Clock, sleep } from "../../ghostText/clock";

export interface LockOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Called once, when another process holds the lock. */
  onWait(): void;
}

interface Holder {
  readonly id: string;
  readonly pid: number;
  readonly host: string;
}

const TOUCH_MS = 5_000;
/** Several touches: a machine that is busy converting is slow to do anything else. */
const STALE_MS = 60_000;
const LOOK_MS = 500;

/** Runs `work` while this process alone holds the lock at `path`. Throws the signal's reason if it comes first. */
export async function withLock<T>(path: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  const { clock, signal } = options;
  const holder: Holder = { id: randomUUID(), pid: process.pid, host: hostname() };
  await mkdir(dirname(path), { recursive: true });
  let hasWaited = false;
  while (!(await tryLock(path, holder))) {
    if (!hasWaited) options.onWait();
    hasWaited = true;
    await sleep(clock, LOOK_MS, signal);
    signal.throwIfAborted();
  }
  const touching = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => {}), TOUCH_MS);
  try {
    return await work();
  } finally {
    clearInterval(touching);
    if ((await readHolder(path))?.id === holder.id) await rm(path, { force: true });
  }
}

async function tryLock(path: string, holder: Holder): Promise<boolean> {
  try {
    await writeFile(path, JSON.stringify(holder), { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  if (await isStale(path)) {
    // Renaming first: of two that find it stale, one alone succeeds, and neither removes the other's new lock.
    const aside = `${path}.${holder.id}`;
    await rename(path, aside).then(
      () => rm(aside, { force: true }),
      () => {},
    );
  }
  return false;
}

async function isStale(path: string): Promise<boolean> {
  const touchedMs = (await stat(path).catch(() => undefined))?.mtimeMs;
  if (touchedMs === undefined) return false;
  if (Date.now() - touchedMs > STALE_MS) return true;
  const holder = await readHolder(path);
  return holder !== undefined && holder.host === hostname() && !isAlive(holder.pid);
}

/** Undefined also while it is being written. */
async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch {
    return undefined;
  }
}
