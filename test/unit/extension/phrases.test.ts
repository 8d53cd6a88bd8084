import assert from "node:assert/strict";
import { age, count, duration, milliseconds, size } from "../../../src/extension/phrases";

describe("phrases", () => {
  it("count", () => {
    assert.deepEqual(
      [0, 1, 2, 1204].map((n) => count(n, "file")),
      ["0 files", "1 file", "2 files", "1,204 files"],
    );
  });

  it("tell an age", () => {
    const minute = 60_000;
    const now = 1e12;
    const check = (elapsedMs: number, phrase: string): void => assert.equal(age(now - elapsedMs, now), phrase);
    check(-5, "just now");
    check(minute - 1, "just now");
    check(minute, "1 minute ago");
    check(3.9 * minute, "3 minutes ago");
    check(60 * minute, "1 hour ago");
    check(47 * 60 * minute, "1 day ago");
    check(48 * 60 * minute, "2 days ago");
  });

  it("tell times and sizes without false precision", () => {
    assert.deepEqual([0, 0.2, 0.96, 12.4, 1234].map(milliseconds), ["0 ms", "under 1 ms", "1 ms", "12 ms", "1,234 ms"]);
    assert.deepEqual([17_500, 5.5e6, 5.38e9].map(size), ["18 kB", "6 MB", "5.4 GB"]);
    assert.deepEqual([4000, 300_000, 2 * 3_600_000].map(duration), ["4 s", "5 min", "2.0 h"]);
  });
});
