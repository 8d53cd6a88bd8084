import assert from "node:assert/strict";
import { prefetch } from "../../../../src/engine/files/prefetch";

describe("files that are prefetched", () => {
  it("come in their order, and are begun some before their turn", () => {
    const files = Array.from({ length: 40 }, (_, at) => at);
    let begun = 0;
    const ahead: number[] = [];
    const read = (file: number) => {
      begun++;
      return -file;
    };
    for (const { file, reading } of prefetch(files, read)) {
      assert.equal(file, ahead.length);
      assert.equal(reading, -file);
      ahead.push(begun - file - 1);
    }
    assert.equal(ahead.length, files.length);
    assert.deepEqual([ahead[0], ahead.at(-1)], [6, 0]);
  });
});
