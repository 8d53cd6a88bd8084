import assert from "node:assert/strict";
import { TypingPace } from "../../../src/ghostText/typingPace";

/** The delay after keys with these intervals between them. */
function delayAfter(...intervalsMs: number[]): number {
  const pace = new TypingPace();
  let now = 5000;
  pace.keyTyped(now);
  for (const interval of intervalsMs) {
    now += interval;
    pace.keyTyped(now);
  }
  return pace.delayMs;
}

describe("typing pace", () => {
  it("adds nothing for the first key", () => assert.equal(delayAfter(), 0));
  it("adds nothing for a slow typist", () => assert.equal(delayAfter(250, 300, 200), 0));
  it("waits for a fast one", () => assert.equal(delayAfter(100, 90, 120), 60));
  it("is not fooled by one hesitation", () => assert.equal(delayAfter(80, 80, 80, 200, 80), 60));
  it("notices within a word that somebody has become faster", () => {
    assert.equal(delayAfter(250, 250, 90, 90, 90, 90, 90, 90, 90), 60);
  });
  it("begins afresh after a pause", () => assert.equal(delayAfter(80, 80, 80, 2000), 0));
});
