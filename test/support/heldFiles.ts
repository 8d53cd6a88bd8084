// A disk on which others, such as a virus scanner, have each new file open: for a moment, or for good.

import { existsSync } from "node:fs";
import files from "node:fs/promises";
import { withReplaced } from "./replaced";

/** Runs `work` while whoever removes something has to wait, as Node.js does where it is told to. */
export function whileHeldForAMoment<R>(work: () => Promise<R>): Promise<R> {
  return whileRemoving((options) => options?.recursive === true && options.maxRetries !== undefined, work);
}

/** Runs `work` while nothing can be removed. */
export function whileHeld<R>(work: () => Promise<R>): Promise<R> {
  return whileRemoving(() => false, work);
}

type Remove = typeof files.rm;

function whileRemoving<R>(succeeds: (options: Parameters<Remove>[1]) => boolean, work: () => Promise<R>): Promise<R> {
  const { rm } = files;
  const held: Remove = async (path, options) => {
    if (existsSync(path) && !succeeds(options))
      throw Object.assign(new Error("EBUSY: resource busy"), { code: "EBUSY" });
    await rm(path, options);
  };
  return withReplaced(files, { rm: held }, work);
}
