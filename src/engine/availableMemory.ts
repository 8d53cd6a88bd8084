// How much memory a program can have now, without others giving something up that they need.
//
// Node's freemem() is just that on Linux (MemAvailable of /proc/meminfo) and on Windows (what GlobalMemoryStatusEx calls
// available). On macOS it is what nobody uses for anything, which is always little: the system fills memory with files.

import { execFile } from "node:child_process";
import { freemem } from "node:os";
import { promisify } from "node:util";

export interface MemorySystem {
  readonly platform: NodeJS.Platform;
  freeBytes(): number;
  /** What `vm_stat` prints. */
  pageCounts(): Promise<string>;
}

const PATIENCE_MS = 2000;

const THIS_SYSTEM: MemorySystem = {
  platform: process.platform,
  freeBytes: freemem,
  pageCounts: async () => (await promisify(execFile)("/usr/bin/vm_stat", [], { timeout: PATIENCE_MS })).stdout,
};

export async function availableMemoryBytes(system = THIS_SYSTEM): Promise<number> {
  const free = system.freeBytes();
  if (system.platform !== "darwin") return free;
  const counts = await system.pageCounts().catch(() => "");
  return Math.max(free, availableBytes(counts) ?? 0);
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
