import assert from "node:assert/strict";
import { offsetAt } from "../../../src/text/cursor";

describe("a cursor by line and column", () => {
  it("is an offset, at a line's end, too", () => {
    for (const [line, column, offset] of [
      [1, 1, 0],
      [1, 3, 2],
      [2, 1, 3],
      [3, 1, 4],
      [3, 2, 5],
    ] as const) {
      assert.equal(offsetAt("ab\n\nc", line, column), offset, `${line}:${column}`);
    }
  });

  it("is refused where the text has no such place", () => {
    for (const [line, column, sentence] of [
      [4, 1, /There is no line 4: the text has 3\./],
      [1, 4, /There is no column 4 in line 1: columns go from 1 to 3\./],
      [3, 3, /columns go from 1 to 2\./],
      [1, 0, /There is no column 0/],
      [0, 1, /in line 0/],
    ] as const) {
      assert.throws(() => offsetAt("ab\n\nc", line, column), sentence);
    }
  });
});
