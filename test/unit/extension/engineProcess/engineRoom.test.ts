import assert from "node:assert/strict";
import { hasRoomFor } from "../../../../src/extension/engineProcess/engineRoom";

const CASES: readonly (readonly [what: string, engine: number, available: number, expected: boolean])[] = [
  ["a small engine", 700, 8000, true],
  ["a small engine where memory is short", 700, 1900, false],
  ["a large engine", 3000, 12_000, false],
];

describe("a machine with 16 GB", () => {
  for (const [what, engine, available, expected] of CASES) {
    it(`has ${expected ? "" : "no "}room to spare for ${what}`, async () => {
      const machine = { totalBytes: () => 16_000, availableBytes: async () => available };
      assert.equal(await hasRoomFor(engine, machine), expected);
    });
  }
});
