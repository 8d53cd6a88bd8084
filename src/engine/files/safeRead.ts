// Reads one regular file, whole, up to a size: through a link at its end only where that is wanted, never from a pipe or
// a device. What the disk refuses is a value.

import { constants, type Stats } from "node:fs";
import { lstat, open } from "node:fs/promises";
import { homeFolder } from "../../machine/homeFolder";
import { stampOf } from "./fileStamp";
import type { Refusal } from "./refusal";

/** Windows has neither flag. Nothing blocks there; for links it is asked first, which a link that is made meanwhile escapes. */
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

export interface ReadFile {
  readonly bytes: Buffer;
  readonly stamp: string;
  /** When it was changed last, in milliseconds since 1970. */
  readonly changedMs: number;
}

export type ReadOutcome = ReadFile | { readonly refused: Refusal };

export async function safeRead(path: string, maxBytes: number, { followLinks = false } = {}): Promise<ReadOutcome> {
  try {
    if (!followLinks && NO_FOLLOW === 0 && (await lstat(path)).isSymbolicLink()) return { refused: "link" };
    const file = await open(path, followLinks ? FLAGS : FLAGS | NO_FOLLOW);
    try {
      const before = await file.stat();
      if (!before.isFile()) return { refused: "notAFile" };
      if (before.size > maxBytes) return { refused: "huge" };
      const buffer = Buffer.allocUnsafe(before.size + 1);
      let length = 0;
      while (length < buffer.length) {
        const { bytesRead } = await file.read(buffer, length, buffer.length - length, length);
        if (bytesRead === 0) break;
        length += bytesRead;
      }
      const after = await file.stat();
      const stamp = stampOf(before);
      if (length !== before.size || stampOf(after) !== stamp) return { refused: "changing" };
      return { bytes: buffer.subarray(0, length), stamp, changedMs: Math.max(after.mtimeMs, after.ctimeMs) };
    } finally {
      await file.close();
    }
  } catch (error) {
    return { refused: refusalOfError(error) };
  }
}

/** What the system says of the file or folder itself, not of what a link leads to. */
export async function safeStat(path: string): Promise<{ readonly stat: Stats } | { readonly refused: Refusal }> {
  try {
    return { stat: await lstat(path) };
  } catch (error) {
    return { refused: refusalOfError(error) };
  }
}

/** Files that are smaller may take no room of their own on any disk. */
const LEAST_BLOCK_BYTES = 4096;

/**
 * Whether a cloud keeps the content, as iCloud and OneDrive do of what nobody has opened for long: reading any of it would fetch
 * all. No system says so, but such a file takes no room. That is asked of the home folder's disk alone, where clouds keep their
 * files: others (sshfs, some servers) say that no file takes any.
 */
export async function isInCloud({ size, blocks, dev }: Stats): Promise<boolean> {
  const hasClouds = process.platform === "darwin" || process.platform === "win32";
  return hasClouds && size >= LEAST_BLOCK_BYTES && blocks === 0 && dev === (await homeDisk());
}

async function homeDisk(): Promise<number | undefined> {
  const found = await safeStat(homeFolder() ?? "");
  return "stat" in found ? found.stat.dev : undefined;
}

export function refusalOfError(error: unknown): Refusal {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "ENOENT" || code === "ENOTDIR") return "gone";
  if (code === "ELOOP" || code === "EMLINK") return "link";
  return code === "EISDIR" || code === "ENXIO" ? "notAFile" : "unreadable";
}
