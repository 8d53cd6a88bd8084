import assert from "node:assert/strict";
import { shortened } from "../../../src/text/shortened";

describe("shortened", () => {
  it("is the text's beginning, with a mark", () => {
    assert.equal(shortened("because", 2), "be…");
    assert.equal(shortened("because", 0), "…");
    assert.equal(shortened("because", 7), "because");
  });

  it("ends with a whole character", () => assert.equal(shortened("a😀b", 2), "a…"));
});
