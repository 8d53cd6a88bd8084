// The text between two layers, on the disk: where a stopped calibration goes on.

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { removePatiently } from "../../../machine/removePatiently";
import { parseUnfinished, writeWhole } from "../../../machine/wholeFile";

const NAME = /^hidden-(\d+)$/;

/** Writes what goes into `layer`; it is on the disk when this resolves. */
export async function saveHidden(folder: string, layer: number, hidden: Float32Array): Promise<void> {
  // For the user alone: the text may be a private repository's, and much of it could be had from these numbers again.
  const bytes = new Uint8Array(hidden.buffer, hidden.byteOffset, hidden.byteLength);
  await writeWhole(join(folder, `hidden-${layer}`), [bytes]);
}

/** @returns nothing where it is missing or not of `length` numbers */
export async function readHidden(folder: string, layer: number, length: number): Promise<Float32Array | undefined> {
  const bytes = await readFile(join(folder, `hidden-${layer}`)).catch(() => undefined);
  if (bytes?.length !== 4 * length) return undefined;
  return new Float32Array(Uint8Array.from(bytes).buffer);
}

/** Removes the files of all layers but `kept`, and what a stopped run left unfinished of them. */
export async function removeHidden(folder: string, kept?: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const layer = NAME.exec(parseUnfinished(name)?.finished ?? name)?.[1];
    if (layer !== undefined && Number(layer) !== kept) await removePatiently(join(folder, name));
  }
}
