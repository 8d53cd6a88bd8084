import assert from "node:assert/strict";
import { minutesLeft } from "../../../src/text/minutesLeft";

describe("the time that a conversion has left", () => {
  const check = (doneBytes: number, earlierBytes: number, passedMs: number, expected: number | undefined): void => {
    assert.equal(minutesLeft({ doneBytes, earlierBytes, totalBytes: 100 }, passedMs), expected);
  };

  it("follows from what was done in the time that has passed", () => {
    check(25, 0, 60_000, 3);
    check(75, 50, 60_000, 1);
  });

  it("is not said too early, nor in seconds, nor while nothing has been done", () => {
    check(1, 0, 9_000, undefined);
    check(99, 0, 60_000, undefined);
    check(50, 50, 60_000, undefined);
  });
});
