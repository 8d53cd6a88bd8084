import assert from "node:assert/strict";
import { Forks } from "../../../../src/engine/completion/forks";

const STOP = [0];

/** Logits of the tokens 0, 1, 2, … */
const row = (...logits: number[]) => Float32Array.from(logits);

describe("the forks of a generation", () => {
  it("are the next likeliest tokens, the closest choice first", () => {
    const forks = new Forks(STOP);
    forks.note(0, 1, row(0, 9, 5, 1));
    forks.note(1, 2, row(0, 7, 8, 1));
    assert.deepEqual(forks.closest, [
      { index: 1, token: 1, gap: 1 },
      { index: 0, token: 2, gap: 4 },
    ]);
  });

  it("do not end the text, but may go on where it ended", () => {
    const forks = new Forks(STOP);
    forks.note(0, 1, row(8, 9, 5, 1));
    forks.note(1, 0, row(8, 1, 5, 7));
    assert.deepEqual(
      forks.closest.map(({ index, token }) => [index, token]),
      [
        [1, 3],
        [0, 2],
      ],
    );
  });

  it("keep to the tokens that were allowed, and know none where only one was", () => {
    const forks = new Forks(STOP);
    forks.note(0, 1, row(0, 9, 8, 1), [1, 3]);
    forks.note(1, 1, row(0, 9, 8, 1), [1]);
    assert.deepEqual(forks.closest, [{ index: 0, token: 3, gap: 8 }]);
  });

  it("come first where something else than the model had the say", () => {
    const forks = new Forks(STOP);
    forks.note(0, 1, row(0, 9, 9, 1));
    forks.note(1, 3, row(0, 9, 5, 1));
    assert.deepEqual(forks.closest[0], { index: 1, token: 1, gap: -8 });
  });
});
