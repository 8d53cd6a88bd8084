// What model.json says of each file of a model folder, and what is found of one.

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";

export interface FileFacts {
  readonly bytes: number;
  readonly sha256: string;
}

/** Reads a file whole. */
export async function fileFacts(path: string): Promise<FileFacts> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 })) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: hash.digest("hex") };
}
