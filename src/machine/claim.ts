// A file says who is at something, for what one process at a time may do.
//
// Its holder touches it. A claim is nobody's any more when its process has ended, or has not touched it for long. Process ids
// alone would not do, since they are used again, and a home folder may be shared between machines. After the machine has slept,
// every claim looks silent, until its holder, which is awake again as well, has touched it.

import { randomUUID } from "node:crypto";
import { type FileHandle, open, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { hostname } from "node:os";
import { isAlive } from "./processes";
import { removePatiently } from "./removePatiently";
import { isOpenElsewhere } from "./renamePatiently";

export interface Claim {
  /** False once it is another's: a process that was stopped for long has lost it, and knows nothing of it. */
  isHeld(): Promise<boolean>;
  /** Never throws: what the work has come to counts. */
  release(): Promise<void>;
}

interface Holder {
  readonly id: string;
  readonly pid: number;
  readonly host: string;
}

const TOUCH_MS = 5_000;
/** A disk that is busy with gigabytes lets nobody touch a file for minutes. */
const SILENT_MS = 300_000;
/** For who waits for a claim. */
export const LOOK_MS = 500;
/**
 * So many looks in a row must find a claim silent before it is taken from who lives. They are counted, as the clock goes on while
 * the machine sleeps and the holder cannot touch it.
 */
export const LOOKS_BEFORE_TAKING = (2 * TOUCH_MS) / LOOK_MS;

/**
 * The ids of this process's claims. One that names this process and is not among them is an earlier process's, which had the same
 * process id, or could not be removed. Claims that were given back stay among them: somebody may just have read one, and would else
 * take away the claim that came after it.
 */
const known = new Set<string>();

/**
 * Claims `path`, whose folder must be there. Throws what the disk says.
 * @param takesSilent also from who lives, and has not touched it for long
 * @returns undefined when somebody else has it
 */
export async function tryClaim(path: string, takesSilent = true): Promise<Claim | undefined> {
  const holder: Holder = { id: randomUUID(), pid: process.pid, host: hostname() };
  known.add(holder.id);
  let isOurs = false;
  try {
    isOurs = await create(path, holder);
    if (!isOurs) {
      const found = await contentOf(path);
      if (hasEnded(found) || (takesSilent && (await isSilent(path)))) {
        await takeAway(path, found, holder);
        isOurs = await create(path, holder);
      }
    }
  } finally {
    if (!isOurs) known.delete(holder.id);
  }
  return isOurs ? keep(path, holder) : undefined;
}

/** Whether somebody has it now, as far as can be told without waiting. */
export async function isClaimed(path: string): Promise<boolean> {
  const content = await contentOf(path);
  return content !== undefined && !hasEnded(content) && !(await isSilent(path));
}

/** Who has it, for people to read. */
export async function holderOf(path: string): Promise<string> {
  const holder = parseHolder(await contentOf(path));
  if (holder === undefined) return "Another process";
  return holder.host === hostname() ? `Process ${holder.pid}` : `Process ${holder.pid} on ${holder.host}`;
}

/** @returns false where there is one */
async function create(path: string, holder: Holder): Promise<boolean> {
  let file: FileHandle;
  try {
    file = await open(path, "wx");
  } catch (error) {
    // Windows says the latter of a file that is just being removed.
    if ((error as NodeJS.ErrnoException).code === "EEXIST" || (isOpenElsewhere(error) && (await isThere(path))))
      return false;
    throw error;
  }
  try {
    await file.writeFile(JSON.stringify(holder));
  } catch (error) {
    // A full disk takes the file and not its content: a claim without a holder would be respected until it is silent for long.
    await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  return true;
}

function keep(path: string, { id }: Holder): Claim {
  const isHeld = async () => {
    const content = await contentOf(path);
    return content === undefined ? isThere(path) : parseHolder(content)?.id === id;
  };
  const touch = async () => {
    if (await isHeld()) await utimes(path, new Date(), new Date());
  };
  const touching = setInterval(() => void touch().catch(() => {}), TOUCH_MS);
  touching.unref();
  return {
    isHeld,
    async release() {
      clearInterval(touching);
      if (parseHolder(await contentOf(path))?.id !== id) return;
      await removePatiently(path).catch(() => known.delete(id));
    },
  };
}

/**
 * Renames the claim first and looks into it then: if two find that it is nobody's, the slower one may have got hold of the
 * quicker one's new claim, and puts it back.
 */
async function takeAway(path: string, found: string | undefined, { id }: Holder): Promise<void> {
  const aside = `${path}.${id}`;
  try {
    await rename(path, aside);
    if ((await contentOf(aside)) === found) await rm(aside, { force: true });
    else await rename(aside, path);
  } catch {
    // The other one was quicker, or Windows lets nobody move it now: then there still is one.
  }
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error) => error.code !== "ENOENT",
  );
}

async function isSilent(path: string): Promise<boolean> {
  const touchedMs = (await stat(path).catch(() => undefined))?.mtimeMs;
  return touchedMs !== undefined && Date.now() - touchedMs > SILENT_MS;
}

function hasEnded(content: string | undefined): boolean {
  const holder = parseHolder(content);
  if (holder?.host !== hostname()) return false;
  return holder.pid === process.pid ? !known.has(holder.id) : !isAlive(holder.pid);
}

async function contentOf(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch(() => undefined);
}

/** Undefined also while it is being written. */
function parseHolder(content = ""): Holder | undefined {
  try {
    const { id, pid, host } = JSON.parse(content);
    const isHolder = typeof id === "string" && Number.isSafeInteger(pid) && typeof host === "string";
    return isHolder ? { id, pid, host } : undefined;
  } catch {
    return undefined;
  }
}
