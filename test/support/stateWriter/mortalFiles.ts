// Files whose user is killed at a certain change: before it is made, or, where something is to be written, half-way through it.
// What only reads leaves the disk as it was, and does not count.

import files, { type FileHandle } from "node:fs/promises";
import type { Files } from "../../../src/machine/wholeFile";

/** @param lastChange counted from 1 */
export function mortalFiles(lastChange: number): Files {
  let changes = 0;
  const count = async (lastDeed = async () => {}) => {
    if (++changes !== lastChange) return;
    await lastDeed();
    process.kill(process.pid, "SIGKILL");
  };
  return {
    ...files,
    open: async (path, flags, mode) => {
      if (flags === "r") return files.open(path, flags, mode);
      await count();
      return mortalFile(await files.open(path, flags, mode), count);
    },
    rename: async (from, to) => {
      await count();
      await files.rename(from, to);
    },
    unlink: async (path) => {
      await count();
      await files.unlink(path);
    },
  };
}

function mortalFile(file: FileHandle, count: (lastDeed: () => Promise<void>) => Promise<void>): FileHandle {
  const { writeFile } = file;
  return Object.assign(file, {
    writeFile: async (part: Uint8Array) => {
      await count(() => writeFile.call(file, part.subarray(0, part.length / 2)));
      await writeFile.call(file, part);
    },
  });
}
