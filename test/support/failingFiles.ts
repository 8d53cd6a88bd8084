// A disk that for a while gives no answer about one file or folder: whoever opens it or asks about it gets an error.

import { realpathSync } from "node:fs";
import files from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { withReplaced } from "./replaced";

export const EVERY_CALL = ["lstat", "open", "readdir", "realpath", "stat"] as const;

/** Runs `work` while these calls fail for `path`. */
export async function whileFailing<R>(
  path: string,
  code: string,
  calls: readonly (typeof EVERY_CALL)[number][],
  work: () => Promise<R>,
): Promise<R> {
  const names = new Set([resolve(path), join(realpathSync(dirname(path)), basename(path))]);
  const failing = calls.map((name) => {
    const call = files[name] as (...args: unknown[]) => Promise<unknown>;
    const failingCall = async (...args: unknown[]) => {
      if (names.has(resolve(String(args[0])))) throw Object.assign(new Error(code), { code });
      return call(...args);
    };
    return [name, failingCall];
  });
  return withReplaced(files, Object.fromEntries(failing), work);
}
