import assert from "node:assert/strict";
import fc from "fast-check";
import { Trunk } from "../../../../src/engine/repository/trunk";
import { CHUNK_TOKENS } from "../../../../src/engine/sequence";
import { Cancelled, undisturbed } from "../../../../src/engine/turn";
import { FakeModel, freshLogits } from "../../../support/fakeModel";

const BOS = 2;
const origin = () => ({ model: new FakeModel(), bos: BOS, rootKey: "root" });

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
            assert.ok(trunk.files.length <= next.count);
            read = read.slice(0, trunk.files.length);
          } else {
            trunk = Trunk.restored(shared, trunk.state, trunk.files, 0);
          }
          assert.deepEqual(
            trunk.files.map((file) => file.tokens),
            read.map((file) => file.length),
          );
          if (read.length === 0) continue;
          const { logits } = await shared.model.forward([7], trunk.state, [0]);
          assert.deepEqual(logits, await freshLogits([BOS, ...read.flat(), 7]));
        }
      }),
      { numRuns: 100 },
    );
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

  it("forgets half a file when it is cut short", async () => {
    const trunk = new Trunk(origin());
    await trunk.append({ path: "a", hash: "1" }, [5, 6], 0, undisturbed);
    const { state, key } = trunk;
    let turns = 0;
    const oneTurn = {
      next: async () => {
        if (++turns > 1) throw new Cancelled("enough");
      },
    };
    const long = Array.from({ length: 3 * CHUNK_TOKENS }, () => 1);
    await assert.rejects(trunk.append({ path: "b", hash: "1" }, long, 0, oneTurn), Cancelled);
    assert.equal(trunk.state, state);
    assert.equal(trunk.key, key);
  });
});
