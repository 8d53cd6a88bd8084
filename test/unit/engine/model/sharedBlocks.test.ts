import assert from "node:assert/strict";
import { KvView } from "../../../../src/engine/model/kvLog";
import { SharedBlocks } from "../../../../src/engine/model/sharedBlocks";

const rows = (count: number) => ({
  keys: new Float32Array(2 * count).fill(1),
  values: new Float32Array(2 * count).fill(2),
});
const viewOf = (window: number) => KvView.empty({ headDim: 2, window, keepsFirst: false });

describe("SharedBlocks", () => {
  it("are one for all logs of a size, none of which has a number of another one", () => {
    const blocks = new SharedBlocks([3, 3, 5, 3]);
    const [a, b, c, d] = [3, 3, 5, 3].map((size) => blocks.take(size));
    for (const [index, numbers] of [a, b, c, d].entries()) numbers!.fill(index + 1);
    assert.deepEqual(
      [a, b, c, d].map((numbers) => [...numbers!]),
      [
        [1, 1, 1],
        [2, 2, 2],
        [3, 3, 3, 3, 3],
        [4, 4, 4],
      ],
    );
    assert.deepEqual([b!.buffer === a!.buffer, d!.buffer === a!.buffer, c!.buffer === a!.buffer], [true, true, false]);
  });

  it("refuse more than was said", () => {
    const blocks = new SharedBlocks([3]);
    blocks.take(3);
    assert.throws(() => blocks.take(3), /No 3 numbers are left/);
    assert.throws(() => blocks.take(4), /No 4 numbers are left/);
  });

  it("have the logs of all layers that begin one, with keys and values, but for a suggestion's", () => {
    const views = [viewOf(4), viewOf(4), viewOf(9)];
    const append = (added: readonly KvView[], count: number) => {
      const memory = new SharedBlocks(added.flatMap((view) => view.newLogSizes(count)));
      return added.map((view) => view.append(rows(count), memory));
    };
    const read = append(views, 3);
    const buffers = read.map(({ window }) => [window.keys.buffer, window.values.buffer]);
    assert.equal(new Set(buffers.slice(0, 2).flat()).size, 1);
    assert.equal(new Set(buffers.flat()).size, 2);
    assert.deepEqual(
      read.map((view) => view.newLogSizes(1)),
      [[], [], []],
      "there is room",
    );
    const forks = read.map(({ fork }) => fork);
    assert.deepEqual(
      forks.map((view) => view.newLogSizes(1)),
      [[], [], []],
      "a suggestion's log has memory of its own",
    );
    const written = append(forks, 1).map(({ window }) => window.keys.buffer);
    assert.equal(new Set([...written, ...buffers.flat()]).size, 5);
  });
});
