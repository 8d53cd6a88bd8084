// Remembers what a derived thing was made from, so that it is made again exactly when that has changed.

import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { cloneCache } from "./paths.mjs";

/**
 * A hash of files and of everything inside folders: names and contents, no times.
 * @param {string[]} paths  absolute; each must exist
 * @returns {Promise<string>}
 */
export async function contentHash(paths) {
  const hash = createHash("sha256");
  for (const path of paths) {
    if ((await stat(path)).isDirectory()) {
      const names = (await readdir(path)).sort();
      hash.update(`folder ${names.length}\n`);
      for (const name of names) hash.update(`${name} ${await contentHash([join(path, name)])}\n`);
    } else {
      await pipeline(createReadStream(path), hash, { end: false });
    }
  }
  return hash.digest("hex");
}

/**
 * Makes `product` with `work`, unless it was made from inputs of the same hash and is still there.
 * @param {string} product  absolute path of what is made
 * @param {string} hash  of all that it is made from
 * @param {() => Promise<unknown>} work
 * @param {string} [stamps]  folder where it is remembered
 * @returns {Promise<boolean>} whether it had to be made
 */
export async function makeOnce(product, hash, work, stamps = join(cloneCache, "stamps")) {
  const stamp = join(stamps, product.replaceAll(/[^\w.-]+/g, "_"));
  if (existsSync(product) && existsSync(stamp) && (await readFile(stamp, "utf8")) === hash) return false;
  // Work that does not come to its end leaves a product that nobody knows.
  await rm(stamp, { force: true });
  await work();
  await mkdir(dirname(stamp), { recursive: true });
  await writeFile(stamp, hash);
  return true;
}
