import assert from "node:assert/strict";
import { FirstLine } from "../../../../src/engine/completion/firstLine";

const STOP = [0];

/** Logits of the tokens 0, 1, 2, … */
const row = (...logits: number[]) => Float32Array.from(logits);

describe("the forks of a first line", () => {
  it("are the next likeliest tokens, the closest choice first", () => {
    const line = new FirstLine(STOP);
    line.note(0, 1, row(0, 9, 5, 1));
    line.note(1, 2, row(0, 7, 8, 1));
    assert.deepEqual(line.closest, [
      { index: 1, token: 1, gap: 1 },
      { index: 0, token: 2, gap: 4 },
    ]);
  });

  it("do not end the text, but may go on where it ended", () => {
    const line = new FirstLine(STOP);
    line.note(0, 1, row(8, 9, 5, 1));
    line.note(1, 0, row(8, 1, 5, 7));
    assert.deepEqual(
      line.closest.map(({ index, token }) => [index, token]),
      [
        [1, 3],
        [0, 2],
      ],
    );
  });

  it("keep to the tokens that were allowed, and know none where only one was", () => {
    const line = new FirstLine(STOP);
    line.note(0, 1, row(0, 9, 8, 1), [1, 3]);
    line.note(1, 1, row(0, 9, 8, 1), [1]);
    assert.deepEqual(line.closest, [{ index: 0, token: 3, gap: 8 }]);
  });

  it("come first where something else than the model had the say", () => {
    const line = new FirstLine(STOP);
    line.note(0, 1, row(0, 9, 9, 1));
    line.note(1, 3, row(0, 9, 5, 1));
    assert.deepEqual(line.closest[0], { index: 1, token: 1, gap: -8 });
  });
});

describe("a first line", () => {
  it("is sure until its choices are too unlikely together", () => {
    const line = new FirstLine(STOP);
    assert.ok(line.isSure);
    line.chose(3);
    assert.ok(line.isSure);
    line.chose(3);
    assert.ok(!line.isSure);
  });

  it("is as sure as the tokens that it begins with", () => {
    const line = new FirstLine(STOP);
    line.begin(-3.9);
    assert.ok(line.isSure);
    line.chose(0.2);
    assert.ok(!line.isSure);
  });

  it("is no less sure where only another token could have been nearly as likely", () => {
    const line = new FirstLine(STOP);
    for (let index = 0; index < 20; index++) line.note(index, 1, row(0, 9, 8.9, 1));
    assert.ok(line.isSure);
  });
});
