// One window at a time measures or tries something: side by side, each would find the machine slower than it is, and what is found
// is kept for months.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type Claim, tryClaim } from "../../machine/claim";

/** Does `work` unless another process does some in that folder. @returns whether it was done */
export async function inTurn(folder: string, work: () => Promise<void>): Promise<boolean> {
  let claim: Claim | undefined;
  try {
    await mkdir(folder, { recursive: true });
    claim = await tryClaim(join(folder, "measuring"));
    if (claim === undefined) return false;
  } catch {
    // Where nothing can be written, nobody else can either, and what is found is not kept.
  }
  try {
    await work();
  } finally {
    await claim?.release();
  }
  return true;
}
