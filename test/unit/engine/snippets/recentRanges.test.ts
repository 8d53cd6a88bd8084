// Where the user was: lines that were recorded, one after the other, and the places that they make, the newest first.

import assert from "node:assert/strict";
import { RecentRanges } from "../../../../src/engine/snippets/recentRanges";

const CASES: readonly (readonly [title: string, recorded: string, places: string])[] = [
  ["near lines are one place", "a:1-2 a:5-8 a:12-13", "a:1-13"],
  ["distant lines, and those of other files, are others", "a:1-2 a:30-31 b:1-2", "b:1-2 a:30-31 a:1-2"],
  ["a place that is seen again is the newest", "a:1-2 b:1-2 a:1-2", "a:1-2 b:1-2"],
  ["no place is longer than 40 lines, wherever somebody scrolls", "a:0-30 a:20-50 a:40-70", "a:40-70 a:20-40 a:0-20"],
  ["line after line makes no longer place either", "a:0-38 a:38-40 a:40-42", "a:40-42 a:0-40"],
  ["of a high window the middle is looked at", "a:100-160", "a:110-150"],
  ["a newer place takes its lines from the older ones", "a:0-40 a:35-45 a:10-45", "a:10-45 a:0-10"],
];

describe("places where the user was", () => {
  for (const [title, recorded, places] of CASES) {
    it(title, () => {
      const ranges = new RecentRanges();
      for (const one of recorded.split(" ")) {
        const [, path, start, end] = /^(\w+):(\d+)-(\d+)$/.exec(one)!;
        ranges.record(path!, Number(start), Number(end));
      }
      const given = ranges.newestFirst.map(({ path, startLine, endLine }) => `${path}:${startLine}-${endLine}`);
      assert.equal(given.join(" "), places);
    });
  }
});
