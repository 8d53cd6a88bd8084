// Numbers that are equal but for rounding, or nearly so.

import assert from "node:assert/strict";

/** @param what names the number among several of one test */
export function assertClose(
  actual: number | undefined,
  expected: number,
  tolerance: number,
  what = "the number",
): void {
  // What is no number is close to nothing.
  const isClose = Math.abs((actual ?? Number.NaN) - expected) < tolerance;
  assert.ok(isClose, `${what} is ${actual} instead of ${expected}, which is not within ${tolerance}`);
}
