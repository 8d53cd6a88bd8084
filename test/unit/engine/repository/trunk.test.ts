import assert from "node:assert/strict";
import fc from "fast-check";
import { CHUNK_TOKENS } from "../../../../src/engine/decoding/sequence";
import { Cancelled, undisturbed } from "../../../../src/engine/modelAccess";
import { Trunk } from "../../../../src/engine/repository/trunk";
import { FakeModel, freshLogits } from "../../../support/fakeModel";
import { stoppedAfter } from "../../../support/stoppedAfter";

const BOS = 2;
const origin = (keptBytes = 1000) => ({ model: new FakeModel(), bos: BOS, rootKey: "root", keptBytes });

describe("Trunk", () => {
  it("stands where a fresh run over its files stands, through forks and restores", async () => {
    const tokens = fc.array(fc.nat(9), { minLength: 1, maxLength: 2 * CHUNK_TOKENS });
    const step = fc.oneof(
      fc.record({ type: fc.constant("append" as const), tokens }),
      fc.record({ type: fc.constant("fork" as const), count: fc.nat(8) }),
      fc.record({ type: fc.constant("restore" as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
        const shared = origin();
        let trunk = new Trunk(shared);
        let read: number[][] = [];
        for (const [index, next] of steps.entries()) {
          if (next.type === "append") {
            await trunk.append({ path: `f${index}`, hash: "h" }, next.tokens, 0, undisturbed);
            read.push(next.tokens);
          } else if (next.type === "fork") {
            trunk = trunk.fork(next.count);
            assert.ok(
              trunk.files.length <= next.count,
              `step ${index}: a fork at ${next.count} has ${trunk.files.length}`,
            );
            read = read.slice(0, trunk.files.length);
          } else {
            trunk = Trunk.at(shared, trunk.state, trunk.files);
          }
          const lengths = trunk.files.map((file) => file.tokens);
          assert.deepEqual({ index, lengths }, { index, lengths: read.map((file) => file.length) });
          if (read.length === 0) continue;
          const { logits } = await shared.model.forward([7], trunk.state, [0]);
          assert.deepEqual({ index, logits }, { index, logits: await freshLogits([BOS, ...read.flat(), 7]) });
        }
      }),
      { numRuns: 100 },
    );
  });

  it("is read in runs that a key need not wait long for, as long as these are worth it", async () => {
    for (const [tokenMs, chunkTokens, expected] of [
      [undefined, 128, 128],
      [0.7, 128, 128],
      [1, 128, 64],
      [9, 128, 32],
      [9, 16, 16],
    ] as const) {
      const model = Object.assign(new FakeModel(), { runLengths: { chunkTokens, longChunkTokens: chunkTokens } });
      const trunk = new Trunk({ ...origin(), model, pace: { tokenMs } });
      await trunk.append({ path: "a", hash: "1" }, Array(200).fill(5), 0, undisturbed);
      assert.equal(model.runs[0]!.length, expected, `${tokenMs} ms a token`);
    }
  });

  it("knows whose tokens are among the last", async () => {
    const trunk = new Trunk(origin());
    for (const [path, tokens] of [
      ["a", 5],
      ["b", 3],
      ["c", 2],
    ] as const)
      await trunk.append({ path, hash: "1" }, Array(tokens).fill(5), 0, undisturbed);
    const among = (tokens: number) => ["a", "b", "c"].filter((path) => trunk.hasLately(path, tokens)).join("");
    assert.deepEqual([0, 2, 3, 5, 6].map(among), ["", "c", "bc", "bc", "abc"]);
  });

  it("has a key that follows from what it has read, and from nothing else", async () => {
    const one = new Trunk(origin());
    const other = new Trunk(origin());
    const empty = one.key;
    for (const trunk of [one, other]) await trunk.append({ path: "a", hash: "1" }, [5], 0, undisturbed);
    assert.equal(one.key, other.key);
    assert.notEqual(one.key, empty);
    await other.append({ path: "b", hash: "1" }, [5], 0, undisturbed);
    assert.notEqual(one.key, other.key);
    assert.equal(other.fork(1).key, one.key);
  });

  for (const [keptBytes, counts] of [
    [1000, [1, 2]],
    [0, [0, 2]],
  ] as const) {
    it(`forks from the states that there is room for, and from the newest at any rate (room for ${keptBytes} bytes)`, async () => {
      const trunk = new Trunk(origin(keptBytes));
      for (const path of ["a", "b"]) await trunk.append({ path, hash: "1" }, [5], 0, undisturbed);
      assert.deepEqual(
        [1, 2].map((count) => trunk.fork(count).files.length),
        counts,
      );
    });
  }

  it("forgets from the first file on of which nothing may be known", async () => {
    const trunk = new Trunk(origin());
    for (const path of ["a", "b", "c", "b"]) await trunk.append({ path, hash: "1" }, [5], 0, undisturbed);
    assert.equal(trunk.forgetFiles(new Set(["d"])), trunk);
    const read = (paths: readonly string[]) =>
      trunk
        .forgetFiles(new Set(paths))
        .files.map(({ path }) => path)
        .join("");
    assert.deepEqual([["c", "b"], ["c"], ["a"]].map(read), ["a", "ab", ""]);
  });

  it("stands where it stood when a file is cut short, and goes on with it later", async () => {
    const shared = origin();
    const trunk = new Trunk(shared);
    await trunk.append({ path: "a", hash: "1" }, [5, 6], 0, undisturbed);
    const { state, key } = trunk;
    const long = Array.from({ length: 3 * CHUNK_TOKENS }, () => 1);
    const cutShort = (hash: string) =>
      assert.rejects(trunk.append({ path: "b", hash }, long, 0, stoppedAfter(1)), Cancelled);
    await cutShort("1");
    assert.equal(trunk.state, state);
    assert.equal(trunk.key, key);
    assert.deepEqual(trunk.underWay, { path: "b", hash: "1" });
    await cutShort("1");
    shared.model.runs.splice(0);
    await trunk.append({ path: "b", hash: "1" }, long, 0, undisturbed);
    assert.equal(shared.model.runs.flat().length, CHUNK_TOKENS);
    assert.equal(trunk.underWay, undefined);
    const { logits } = await shared.model.forward([7], trunk.state, [0]);
    assert.deepEqual(logits, await freshLogits([BOS, 5, 6, ...long, 7]));
  });

  for (const [hash, forget] of [
    ["2", false],
    ["1", true],
  ] as const) {
    it(`does not go on with another text of the file, nor after it is told to forget it (${forget ? "forgotten" : "another text"})`, async () => {
      const shared = origin();
      const trunk = new Trunk(shared);
      const long = Array.from({ length: 2 * CHUNK_TOKENS }, () => 1);
      await assert.rejects(trunk.append({ path: "b", hash: "1" }, long, 0, stoppedAfter(1)), Cancelled);
      if (forget) assert.equal(trunk.forgetFiles(new Set(["b"])), trunk);
      shared.model.runs.splice(0);
      await trunk.append({ path: "b", hash }, long, 0, undisturbed);
      assert.equal(shared.model.runs.flat().length, long.length + 1);
    });
  }
});
