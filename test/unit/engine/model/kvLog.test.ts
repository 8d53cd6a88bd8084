import assert from "node:assert/strict";
import fc from "fast-check";
import { type KvShape, KvView } from "../../../../src/engine/model/kvLog";
import { SharedBlocks } from "../../../../src/engine/model/sharedBlocks";

const HEAD_DIM = 2;

/** Rows whose numbers tell their position and which branch wrote them. */
function rows(from: number, count: number, branch: number) {
  const keys = new Float32Array(count * HEAD_DIM);
  for (let i = 0; i < count; i++) keys.fill(1000 * branch + from + i, i * HEAD_DIM, (i + 1) * HEAD_DIM);
  return { keys, values: keys.map((value) => -value) };
}

/** The slow twin: every row in a list. */
interface Twin {
  readonly view: KvView;
  readonly all: readonly number[];
  readonly before?: Twin;
}

function grow(before: Twin, count: number, branch: number): Twin {
  const { view, all } = before;
  const added = rows(view.position, count, branch);
  // As much as it says that it takes, and no more.
  const memory = new SharedBlocks(view.newLogSizes(count));
  return {
    view: view.append(added, memory),
    all: [...all, ...added.keys.filter((_, i) => i % HEAD_DIM === 0)],
    before,
  };
}

/** The same, moved to where it was so many steps ago. */
function move(twin: Twin, back: number): Twin {
  let home = twin;
  for (let step = 0; step < back && home.before !== undefined; step++) home = home.before;
  return { ...twin, view: twin.view.movedTo(home.view) };
}

function check({ view, all }: Twin): void {
  assert.equal(view.position, all.length);
  const expected = all.slice(Math.max(0, all.length - view.shape.window));
  assert.deepEqual(
    [...view.window.keys].filter((_, i) => i % HEAD_DIM === 0),
    expected,
  );
  assert.deepEqual(
    [...view.window.values].filter((_, i) => i % HEAD_DIM === 0),
    expected.map((value) => -value),
  );
  if (view.shape.keepsFirst && all.length > 0) assert.equal(view.firstRow.keys[0], all[0]);
}

describe("KvView", () => {
  it("shows every fork its own rows, whatever the others have appended", () => {
    const count = fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 700 }));
    const parent = fc.oneof(fc.nat(1), fc.nat());
    const step = fc.record({ parent, count, isFork: fc.boolean(), movesBack: fc.nat(6) });
    fc.assert(
      fc.property(fc.constantFrom(1, 3, 40), fc.array(step, { maxLength: 25 }), (window, steps) => {
        const shape: KvShape = { headDim: HEAD_DIM, window, keepsFirst: window === 3 };
        const twins: Twin[] = [{ view: KvView.empty(shape), all: [] }];
        steps.forEach(({ parent, count, isFork, movesBack }, branch) => {
          const from = twins.at(-1 - (parent % twins.length))!;
          const grown = grow(isFork ? { ...from, view: from.view.fork } : from, count, branch + 1);
          twins.push(grown, move(grown, movesBack));
          for (const twin of twins) check(twin);
        });
      }),
      { numRuns: 60 },
    );
  });

  it("shares one log between the states along a sequence", () => {
    const shape: KvShape = { headDim: HEAD_DIM, window: 8, keepsFirst: false };
    const first = KvView.empty(shape).append(rows(0, 4, 1));
    const second = first.append(rows(4, 1, 1));
    assert.equal(second.logIdentity, first.logIdentity);
  });

  it("leaves the room in its log to others where it is told to fork", () => {
    const shape: KvShape = { headDim: HEAD_DIM, window: 8, keepsFirst: false };
    const first = KvView.empty(shape).append(rows(0, 4, 1));
    const fork = first.fork.append(rows(4, 1, 2));
    const next = first.append(rows(4, 1, 3));
    assert.notEqual(fork.logIdentity, first.logIdentity);
    assert.equal(next.logIdentity, first.logIdentity);
    assert.equal(fork.append(rows(5, 1, 2)).logIdentity, fork.logIdentity);
  });

  it("moves what a fork has written to where it began, while nobody else has written there", () => {
    const shape: KvShape = { headDim: HEAD_DIM, window: 8, keepsFirst: false };
    const first = KvView.empty(shape).append(rows(0, 4, 1));
    const fork = first.fork.append(rows(4, 1, 2)).append(rows(5, 2, 2));
    const further = fork.append(rows(7, 10, 2)).fork.append(rows(17, 1, 2));
    assert.equal(further.movedTo(first), further, "its log does not reach back so far");
    const moved = fork.movedTo(first);
    assert.equal(moved.logIdentity, first.logIdentity);
    assert.deepEqual(moved.window, fork.window);
    assert.equal(fork.movedTo(first), fork, "the room there is taken");
  });

  it("gives a fork room for a suggestion, and a sequence room for many", () => {
    const shape: KvShape = { headDim: HEAD_DIM, window: 1000, keepsFirst: false };
    const rowsOf = (view: KvView) => view.logBytes / 2 / 4 / HEAD_DIM;
    const start = KvView.empty(shape).append(rows(0, 100, 1));
    assert.ok(rowsOf(start) > shape.window);
    start.append(rows(100, 1, 1));
    const fork = start.append(rows(100, 1, 2));
    assert.ok(rowsOf(fork) < 200, `a fork of 101 rows has room for ${rowsOf(fork)}`);
    assert.ok(rowsOf(start.append(rows(100, 128, 3))) > shape.window, "one that begins with a prompt goes on");
    assert.ok(rowsOf(fork.append(rows(101, 200, 2))) > shape.window, "one that goes on is a sequence like others");
  });
});
