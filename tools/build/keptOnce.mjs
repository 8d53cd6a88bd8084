// A file that takes long to make and is kept: made once, however many ask for it at the same time.

import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/** By the file. @type {Map<string, Promise<Uint8Array>>} */
const underWay = new Map();

/**
 * What is kept in `file`, or else what `make` gives, which is kept from then on.
 * @param {string} file
 * @param {() => Promise<Uint8Array>} make
 * @returns {Promise<Uint8Array>}
 */
export async function keptOnce(file, make) {
  const found = underWay.get(file) ?? readFile(file).catch(async () => keep(file, await make()));
  underWay.set(file, found);
  return found.finally(() => underWay.delete(file));
}

/**
 * Another process may be reading or making it, too: the file is there whole or not at all.
 * @param {string} file
 * @param {Uint8Array} bytes
 */
async function keep(file, bytes) {
  const partial = `${file}.${process.pid}`;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(partial, bytes);
  await rename(partial, file);
  return bytes;
}
