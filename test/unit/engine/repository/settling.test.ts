import assert from "node:assert/strict";
import { nextLookInMs, restMs } from "../../../../src/engine/repository/settling";

describe("a file that is being edited", () => {
  for (const [it_, tokens, leastMs, tokenMs, expected] of [
    ["rests for the least time where it is short", 1_000, 30_000, 1, 30_000],
    ["rests for ten times what it takes to read where it is long", 45_000, 30_000, 1, 450_000],
    ["rests for the least time where nobody knows how fast the model reads", 45_000, 30_000, undefined, 30_000],
    ["is at rest at once where no file counts as being edited", 45_000, 0, 1, 0],
  ] as const) {
    it(it_, () => assert.equal(restMs(tokens, leastMs, tokenMs), expected));
  }

  for (const [it_, restInMs, expected] of [
    ["is not waited for when there is none", [], undefined],
    ["is not waited for when it is at rest", [0, -500, -Infinity], undefined],
    ["is looked at together with others that were saved with it", [10, 30, 20, -5], 31],
    ["is looked at before a long one", [10, 30, 20, 450], 31],
    ["is looked at first where all are long", [200, 450, -5], 201],
  ] as const) {
    it(it_, () => assert.equal(nextLookInMs(restInMs, 30), expected));
  }
});
