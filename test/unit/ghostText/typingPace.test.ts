import assert from "node:assert/strict";
import { TypingPace } from "../../../src/ghostText/typingPace";

const HERE = "file:///a.ts";

/** The delay after keys with these intervals between them. */
function delayAfter(...intervalsMs: number[]): number {
  const pace = new TypingPace();
  let now = 5000;
  pace.edited(HERE, now);
  pace.asked(HERE);
  for (const interval of intervalsMs) {
    now += interval;
    pace.edited(HERE, now);
  }
  return pace.delayMs;
}

describe("typing pace", () => {
  it("adds nothing for the first key", () => assert.equal(delayAfter(), 0));
  it("adds nothing for a slow typist", () => assert.equal(delayAfter(250, 300, 200), 0));
  it("waits for a fast one", () => assert.equal(delayAfter(100, 90, 120), 60));
  it("takes for the first key the one before VS Code asks", () => assert.equal(delayAfter(100), 60));
  it("is not fooled by one hesitation", () => assert.equal(delayAfter(80, 80, 80, 200, 80), 60));
  it("notices within a word that somebody has become faster", () => {
    assert.equal(delayAfter(250, 250, 90, 90, 90, 90, 90, 90, 90), 60);
  });
  it("begins afresh after a pause", () => assert.equal(delayAfter(80, 80, 80, 2000), 0));

  it("does not mind what a program writes into another document, and begins afresh where the user goes on in another", () => {
    const pace = new TypingPace();
    pace.asked(HERE);
    const elsewhere = "file:///b.ts";
    for (let now = 5000; now < 6000; now += 10) pace.edited(elsewhere, now);
    pace.edited(HERE, 6000);
    assert.equal(pace.delayMs, 0);
    pace.edited(HERE, 6100);
    assert.equal(pace.delayMs, 60);
    pace.asked(elsewhere);
    assert.equal(pace.delayMs, 0);
    pace.edited(elsewhere, 6200);
    assert.equal(pace.delayMs, 0, "the last key there is long ago, or was none");
  });
});
