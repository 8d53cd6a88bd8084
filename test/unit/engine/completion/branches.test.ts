import assert from "node:assert/strict";
import { type Branch, Branches } from "../../../../src/engine/completion/branches";
import type { State } from "../../../../src/engine/model/state";

function branchesOf(...lines: readonly (readonly number[])[]) {
  const branches = new Branches();
  for (const tokens of lines) branches.add({ tokens, state: { position: tokens.length, layers: [] } satisfies State });
  return branches;
}

const tokensOf = (branch: Branch | undefined) => branch?.tokens;

describe("branches of one prompt", () => {
  const branches = branchesOf([1], [1, 2, 3], [1, 2], [1, 7], [8, 9]);

  it("lead before a line as far as they can, but not to its end", () => {
    assert.deepEqual(tokensOf(branches.before([1, 2, 3])), [1, 2]);
    assert.deepEqual(tokensOf(branches.before([1, 2, 4, 5])), [1, 2]);
    assert.deepEqual(tokensOf(branches.before([1, 2, 3, 4])), [1, 2, 3]);
    assert.deepEqual(tokensOf(branches.before([1, 2])), [1]);
    assert.deepEqual(tokensOf(branches.before([1, 7, 3])), [1, 7]);
    assert.equal(branches.before([8]), undefined);
    assert.equal(branches.before([5, 6]), undefined);
  });

  it("lead along a line, the shortest first", () => {
    assert.deepEqual(branches.along([1, 2, 3]).map(tokensOf), [[1], [1, 2], [1, 2, 3]]);
    assert.deepEqual(branches.along([9]).map(tokensOf), []);
  });
});
