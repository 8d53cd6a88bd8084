import assert from "node:assert/strict";
import { answerWithin } from "../../../src/ghostText/heldList";

describe("answerWithin", () => {
  // The text before the cursor, and whether VS Code waits for ghost text there before it shows its list.
  const waits: readonly [string, boolean][] = [
    ["  return fo", true],
    ["größe", true],
    ["foo1", true],
    ["$el", true],
    ["", false],
    ["  ", false],
    ["foo.", false],
    ["foo(", false],
    ["x = 12", false],
  ];
  for (const [lineBefore, isWaiting] of waits) {
    it(`${isWaiting ? "is limited" : "is not limited"} behind ${JSON.stringify(lineBefore)}`, () => {
      assert.equal(answerWithin(lineBefore, true) !== undefined, isWaiting);
      assert.equal(answerWithin(lineBefore, false), undefined);
    });
  }
});
