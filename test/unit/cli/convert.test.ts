import assert from "node:assert/strict";
import { timeLeft } from "../../../src/cli/convert";

describe("the time that a conversion has left", () => {
  const check = (doneBytes: number, earlierBytes: number, passedMs: number, expected: string): void => {
    assert.equal(timeLeft({ name: "", doneBytes, earlierBytes, totalBytes: 100 }, passedMs), expected);
  };

  it("follows from what was done in the time that has passed", () => {
    check(25, 0, 60_000, "  about 3 min left");
    check(75, 50, 60_000, "  about 1 min left");
  });

  it("is not said too early, nor in seconds, nor while nothing has been done", () => {
    check(1, 0, 9_000, "");
    check(99, 0, 60_000, "");
    check(50, 50, 60_000, "");
  });
});
