import assert from "node:assert/strict";
import { roundToBfloat16 } from "../../../../src/engine/convert/floats";

describe("a number", () => {
  it("is rounded to the nearest bfloat16, ties to even", () => {
    assert.equal(roundToBfloat16(Math.sqrt(2560)), 50.5);
    assert.equal(roundToBfloat16(Math.sqrt(4096)), 64);
    assert.equal(roundToBfloat16(Math.sqrt(640)), 25.25);
    assert.equal(roundToBfloat16(1 + 2 ** -8), 1);
    assert.equal(roundToBfloat16(1 + 3 * 2 ** -8), 1 + 2 ** -6);
  });
});
