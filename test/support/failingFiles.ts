// A disk that for a while gives no answer about one file or folder: whoever opens it or asks about it gets an error.

import files from "node:fs/promises";

const CALLS = ["lstat", "open", "readdir", "realpath", "stat"] as const;

/** @returns what ends it */
export function failing(path: string, code: string, calls: readonly (typeof CALLS)[number][] = CALLS): () => void {
  const before = calls.map((name) => {
    const call = files[name] as (...args: unknown[]) => Promise<unknown>;
    const failingCall = async (...args: unknown[]) => {
      if (args[0] === path) throw Object.assign(new Error(code), { code });
      return call(...args);
    };
    Object.assign(files, { [name]: failingCall });
    return [name, call] as const;
  });
  return () => Object.assign(files, Object.fromEntries(before));
}
