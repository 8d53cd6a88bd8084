import assert from "node:assert/strict";
import { Checkpoints } from "../../../../src/engine/decoding/checkpoints";
import { KvView } from "../../../../src/engine/model/kvLog";
import type { State } from "../../../../src/engine/model/state";

const at = (position: number): State => ({ position, layers: [] });

function filled(count: number, positions: readonly number[]): Checkpoints {
  const checkpoints = new Checkpoints({ count, bytes: Infinity });
  for (const position of positions) checkpoints.add(at(position));
  return checkpoints;
}

describe("Checkpoints", () => {
  it("finds the last state at or before a position", () => {
    const checkpoints = filled(10, [5, 20, 10]);
    assert.equal(checkpoints.nearest(4), undefined);
    assert.equal(checkpoints.nearest(10)?.position, 10);
    assert.equal(checkpoints.nearest(19)?.position, 10);
    assert.equal(checkpoints.nearest(99)?.position, 20);
  });

  it("drops the states beyond a change and keeps the one that ends exactly there", () => {
    const checkpoints = filled(10, [5, 10, 20]);
    checkpoints.invalidateAfter(10);
    assert.deepEqual(
      checkpoints.states.map((state) => state.position),
      [5, 10],
    );
  });

  it("keeps one state for a position: the newest", () => {
    const checkpoints = filled(10, [5]);
    const newer = at(5);
    checkpoints.add(newer);
    assert.equal(checkpoints.nearest(5), newer);
    assert.equal(checkpoints.states.length, 1);
  });

  it("thins out log-spaced: dense near the end, sparse far from it", () => {
    const positions = filled(
      12,
      Array.from({ length: 1000 }, (_, i) => i + 1),
    ).states.map((state) => state.position);
    assert.equal(positions.length, 12);
    assert.equal(positions.at(-1), 1000);
    const distances = positions.slice(0, -1).map((position) => 1000 - position);
    for (let i = 1; i < distances.length; i++) {
      assert.ok(distances[i - 1]! <= 8 * distances[i]!, `a hole between ${distances[i - 1]} and ${distances[i]}`);
    }
    assert.ok(distances.at(-1)! <= 4, `nothing is left near the end: ${positions}`);
    assert.ok(distances[0]! > 200, `nothing is left of the beginning: ${positions}`);
  });

  it("stays within its bytes, but never without the newest state", () => {
    const withBytes = (position: number, bytes: number): State => ({
      position,
      layers: [{ kind: "recurrent", rgLruState: new Float32Array(bytes / 4), conv1dState: new Float32Array(0) }],
    });
    const checkpoints = new Checkpoints({ count: 100, bytes: 1000 });
    for (let position = 1; position <= 50; position++) checkpoints.add(withBytes(position, 100));
    assert.equal(checkpoints.states.length, 10);
    assert.equal(checkpoints.bytes, 1000);
    assert.equal(checkpoints.states.at(-1)!.position, 50);
    checkpoints.add(withBytes(51, 4000));
    assert.deepEqual(
      checkpoints.states.map((state) => state.position),
      [51],
    );
  });

  it("gives up the states of one log together, rather than a few of each: only so it frees memory", () => {
    let kv = KvView.empty({ headDim: 1, window: 1, keepsFirst: false });
    const states: State[] = [];
    for (let position = 100; position <= 1100; position += 100) {
      const row = new Float32Array(100);
      kv = kv.append({ keys: row, values: row });
      states.push({ position, layers: [{ kind: "attention", kv }] });
    }
    const keptOf = (bytes: number, shrunkTo?: State) => {
      const checkpoints = new Checkpoints({ count: 100, bytes });
      for (const state of states) checkpoints.add(state);
      if (shrunkTo !== undefined) checkpoints.shrinkTo([shrunkTo]);
      return checkpoints.states.map((state) => state.position);
    };
    // A log has room for five of them.
    const all = [100, 200, 300, 400, 500, 600, 700, 800, 900, 1000, 1100];
    assert.deepEqual(keptOf(3 * kv.logBytes), all);
    assert.deepEqual(keptOf(3 * kv.logBytes - 1), all.slice(5));
    assert.deepEqual(keptOf(kv.logBytes), [1100]);
    assert.deepEqual(keptOf(3 * kv.logBytes, states[7]), [600, 700, 800, 900, 1000]);
  });
});
