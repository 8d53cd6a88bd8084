// One window at a time works in the folder of models; the others wait.
//
// The lock is a file that its holder touches. A lock is stale when its holder has died, or has not touched it for long. Process
// ids alone would not do, since they are used again, and a home folder may be shared between machines. After the machine has
// slept, every lock looks old, so its holder, which is awake again as well, gets the time to touch it.

import { randomUUID } from "node:crypto";
import { type FileHandle, mkdir, open, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { type Clock, sleep } from "../../ghostText/clock";
import { isAlive } from "../../machine/processes";
import { diskFault, onDisk } from "./faults";

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
/**
 * So many looks in a row must find the lock old. They are counted, as the clock goes on while the machine sleeps and the holder
 * cannot touch it.
 */
const LOOKS_BEFORE_TAKING = (2 * TOUCH_MS) / LOOK_MS;

/** Runs `work` while this process alone holds the lock at `path`. Throws the signal's reason if it comes first, or a Fault of the disk. */
export async function withLock<T>(path: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  const { clock, signal } = options;
  const holder: Holder = { id: randomUUID(), pid: process.pid, host: hostname() };
  await onDisk(dirname(path), mkdir(dirname(path), { recursive: true }));
  let hasWaited = false;
  let looksAtOld = 0;
  while (!(await tryLock(path, holder))) {
    const found = await contentOf(path);
    looksAtOld = (await isOld(path)) ? looksAtOld + 1 : 0;
    if (looksAtOld > LOOKS_BEFORE_TAKING || hasDied(found)) await takeAway(path, found, holder);
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
    // One that cannot go is old in a minute; what the work has come to counts.
    if (parseHolder(await contentOf(path))?.id === holder.id) await rm(path, { force: true }).catch(() => {});
  }
}

/** Whether somebody works in the folder now, as far as can be told without waiting. */
export async function isHeld(path: string): Promise<boolean> {
  const content = await contentOf(path);
  return content !== undefined && !hasDied(content) && !(await isOld(path));
}

async function tryLock(path: string, holder: Holder): Promise<boolean> {
  let file: FileHandle;
  try {
    file = await open(path, "wx");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw diskFault(error, path);
  }
  try {
    await file.writeFile(JSON.stringify(holder));
  } catch (error) {
    // A full disk takes the file and not its content: a lock without a holder would be respected until it is old.
    await rm(path, { force: true });
    throw diskFault(error, path);
  } finally {
    await file.close();
  }
  return true;
}

/**
 * Renames the lock first and looks into it then: if two find it stale, the slower one may have got hold of the quicker one's
 * new lock, and puts it back.
 */
async function takeAway(path: string, stale: string | undefined, { id }: Holder): Promise<void> {
  const aside = `${path}.${id}`;
  try {
    await rename(path, aside);
    if ((await contentOf(aside)) === stale) await rm(aside, { force: true });
    else await rename(aside, path);
  } catch {
    // The other one was quicker: the next look finds its lock.
  }
}

async function isOld(path: string): Promise<boolean> {
  const touchedMs = (await stat(path).catch(() => undefined))?.mtimeMs;
  return touchedMs !== undefined && Date.now() - touchedMs > STALE_MS;
}

function hasDied(content: string | undefined): boolean {
  const holder = parseHolder(content);
  return holder !== undefined && holder.host === hostname() && !isAlive(holder.pid);
}

async function contentOf(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch(() => undefined);
}

/** Undefined also while it is being written. */
function parseHolder(content: string | undefined): Holder | undefined {
  try {
    return content === undefined ? undefined : JSON.parse(content);
  } catch {
    return undefined;
  }
}
