// How much memory a program can have now, without others giving something up that they need, and at most.
//
// Node's freemem() is just that on Linux (MemAvailable of /proc/meminfo) and on Windows (what GlobalMemoryStatusEx calls
// available), for the whole machine. On macOS it is what nobody uses for anything, which is always little: the system fills memory with files.

import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { freemem, totalmem } from "node:os";
import { posix } from "node:path";
import { promisify } from "node:util";

export interface MemorySystem {
  readonly platform: NodeJS.Platform;
  freeBytes(): number;
  /** What a container's limit leaves of it; without a limit at least `freeBytes`. */
  unusedBytes(): number;
  readText(path: string): Promise<string>;
  /** What `vm_stat` prints. */
  pageCounts(): Promise<string>;
}

const PATIENCE_MS = 2000;

const THIS_SYSTEM: MemorySystem = {
  platform: process.platform,
  freeBytes: freemem,
  unusedBytes: () => process.availableMemory(),
  readText: (path) => readFile(path, "utf8"),
  pageCounts: async () => (await promisify(execFile)("/usr/bin/vm_stat", [], { timeout: PATIENCE_MS })).stdout,
};

export async function availableMemoryBytes(system = THIS_SYSTEM): Promise<number> {
  const free = system.freeBytes();
  if (system.platform === "linux") {
    return Math.min(free, system.unusedBytes() + (await cachedBytes(system).catch(() => 0)));
  }
  if (system.platform !== "darwin") return free;
  const counts = await system.pageCounts().catch(() => "");
  return Math.max(free, availableBytes(counts) ?? 0);
}

/** What there is for all programs together: of the machine, or of the container that this process runs in. */
export function totalMemoryBytes(total = totalmem(), limit: number | undefined = process.constrainedMemory()): number {
  return Math.min(total, limit || Number.POSITIVE_INFINITY);
}

/** What the container holds of files, which counts as used there, and goes when it is needed. */
async function cachedBytes({ readText }: MemorySystem): Promise<number> {
  const groups = await readText("/proc/self/cgroup");
  // Version 1 has a hierarchy for memory, version 2 one for everything.
  const first = /^\d+:(?:.*,)?memory(?:,.*)?:(.*)$/m.exec(groups)?.[1];
  const root = first === undefined ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory";
  const group = first ?? /^0::(.*)$/m.exec(groups)?.[1] ?? "";
  // A container may see its own group at the top, and be told the name that this has outside.
  const counts = await readText(posix.join(root, group, "memory.stat")).catch(() =>
    readText(posix.join(root, "memory.stat")),
  );
  return numberAfter(counts, first === undefined ? "inactive_file " : "total_inactive_file ") ?? 0;
}

/**
 * Pages that are free, read ahead, or not used lately, as psutil counts them. `vm_stat` takes those that were read ahead
 * ("speculative") out of the free ones; purgeable pages are counted among the others already.
 */
function availableBytes(counts: string): number | undefined {
  const pageBytes = numberAfter(counts, "page size of ");
  const pages = ["Pages free:", "Pages speculative:", "Pages inactive:"].map((name) => numberAfter(counts, name));
  if (pageBytes === undefined || pages.includes(undefined)) return undefined;
  return pageBytes * pages.reduce<number>((sum, count) => sum + count!, 0);
}

function numberAfter(text: string, words: string): number | undefined {
  const at = text.indexOf(words);
  const digits = at === -1 ? undefined : /^\s*(\d+)/.exec(text.slice(at + words.length))?.[1];
  return digits === undefined ? undefined : Number(digits);
}
