// Tells whether something is what it was in an earlier run.

import { createHash } from "node:crypto";

/** A hash of what JSON says of the value. */
export function hashOf(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 16);
}
