// A disk that for a while gives no answer about one file or folder: whoever opens it or asks about it gets an error.

import { realpathSync } from "node:fs";
import files from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";

const CALLS = ["lstat", "open", "readdir", "realpath", "stat"] as const;

/** @returns what ends it */
export function failing(path: string, code: string, calls: readonly (typeof CALLS)[number][] = CALLS): () => void {
  const names = new Set([resolve(path), join(realpathSync(dirname(path)), basename(path))]);
  const before = calls.map((name) => {
    const call = files[name] as (...args: unknown[]) => Promise<unknown>;
    const failingCall = async (...args: unknown[]) => {
      if (names.has(resolve(String(args[0])))) throw Object.assign(new Error(code), { code });
      return call(...args);
    };
    Object.assign(files, { [name]: failingCall });
    return [name, call] as const;
  });
  return () => Object.assign(files, Object.fromEntries(before));
}
