import assert from "node:assert/strict";
import { LineMemory } from "../../../../src/engine/model/lineMemory";

/** How many of the first lines are still remembered after so many of that length. */
function remembered(count: number, length: number): number {
  const memory = new LineMemory();
  const lineOf = (index: number) => String(index).padEnd(length);
  for (let index = 0; index < count; index++) memory.add(lineOf(index), [index]);
  return Array.from({ length: count }, (_, index) => memory.get(lineOf(index))?.[0]).filter((id) => id !== undefined)
    .length;
}

describe("the memory of lines", () => {
  it("holds what source files have", () => assert.equal(remembered(40_000, 60), 40_000));

  it("holds no line that is too long", () => assert.equal(remembered(1, 2_001), 0));

  it("begins anew after so many lines, and after so many characters", () => {
    assert.equal(remembered(50_001, 10), 1);
    assert.equal(remembered(2_501, 2_000), 1);
  });
});
