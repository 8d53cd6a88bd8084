import assert from "node:assert/strict";
import fc from "fast-check";
import { Cancelled, undisturbed } from "../../../src/engine/modelAccess";
import { CHUNK_TOKENS, commonPrefixLength, Sequence } from "../../../src/engine/sequence";
import { FakeModel, freshLogits } from "../../support/fakeModel";
import { stoppedAfter } from "../../support/stoppedAfter";

describe("Sequence", () => {
  it("gives the logits of a fresh run after any series of edits", async () => {
    const token = fc.integer({ min: 0, max: 5 });
    const edit = fc.record({ keep: fc.nat(400), insert: fc.array(token, { minLength: 1, maxLength: 300 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 12 }), fc.array(fc.nat(500)), async (edits, marks) => {
        const sequence = new Sequence(new FakeModel());
        const landmarks = [...marks].sort((a, b) => a - b);
        let tokens: number[] = [];
        for (const { keep, insert } of edits) {
          tokens = [...tokens.slice(0, keep), ...insert];
          const { logits } = await sequence.advance(tokens, landmarks, undisturbed);
          assert.deepEqual(logits, await freshLogits(tokens));
        }
      }),
      { numRuns: 60 },
    );
  });

  it("gives the logits of base and tokens together, whatever base it had before", async () => {
    const tokens = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(2), tokens), { minLength: 1, maxLength: 10 }), async (steps) => {
        const model = new FakeModel();
        const readBefore = [[], [1, 2, 3], [4, 4]];
        const bases = await Promise.all(
          readBefore.map(async (read) =>
            read.length === 0 ? model.emptyState : (await model.forward(read, model.emptyState, [])).state,
          ),
        );
        const sequence = new Sequence(model);
        for (const [base, wanted] of steps) {
          const { logits, state } = await sequence.advance(wanted, [], undisturbed, bases[base]);
          assert.deepEqual(logits, await freshLogits([...readBefore[base]!, ...wanted]));
          assert.equal(state.position, readBefore[base]!.length + wanted.length);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("goes on for free after its memory was taken", async () => {
    const model = new FakeModel();
    const sequence = new Sequence(model);
    await sequence.advance([1, 2, 3, 4], [2], undisturbed);
    sequence.shrink();
    assert.equal(sequence.states.length, 1);
    model.runs.length = 0;
    await sequence.advance([1, 2, 3, 4, 5], [2], undisturbed);
    assert.deepEqual(model.runs, [[5]]);
  });

  it("runs only the new tokens when text is added at the end", async () => {
    const model = new FakeModel();
    const sequence = new Sequence(model);
    await sequence.advance([1, 2, 3], [], undisturbed);
    model.runs.length = 0;
    const { reused, replayed } = await sequence.advance([1, 2, 3, 4, 5], [], undisturbed);
    assert.deepEqual(model.runs, [[4, 5]]);
    assert.deepEqual({ reused, replayed }, { reused: 3, replayed: 2 });
  });

  it("goes back to a landmark when what follows it has changed", async () => {
    const model = new FakeModel();
    const sequence = new Sequence(model);
    await sequence.advance([1, 2, 3, 4, 5], [3], undisturbed);
    model.runs.length = 0;
    await sequence.advance([1, 2, 3, 9], [3], undisturbed);
    assert.deepEqual(model.runs, [[9]]);
  });

  it("answers at once when it is asked for an end that it has just reached", async () => {
    const model = new FakeModel();
    const sequence = new Sequence(model);
    const first = await sequence.advance([1, 2, 3], [2], undisturbed);
    await sequence.advance([1, 2, 3, 4, 5], [2], undisturbed);
    model.runs.length = 0;
    const again = await sequence.advance([1, 2, 3], [2], undisturbed);
    assert.deepEqual(model.runs, []);
    assert.deepEqual({ ...again, reused: 0, replayed: 0 }, { ...first, reused: 0, replayed: 0 });
    await sequence.advance([1, 9], [], undisturbed);
    const { logits } = await sequence.advance([1, 2, 3], [], undisturbed);
    assert.deepEqual(logits, await freshLogits([1, 2, 3]));
  });

  it("keeps what lies beyond a place that it goes back to, until something else is written there", async () => {
    const model = new FakeModel();
    const sequence = new Sequence(model);
    await sequence.advance([1, 2, 3, 4, 5], [2, 4], undisturbed);
    await sequence.advance([1, 2], [2], undisturbed);
    model.runs.length = 0;
    await sequence.advance([1, 2, 3, 4, 5, 6], [2, 4], undisturbed);
    assert.deepEqual(model.runs, [[6]]);

    const back = await sequence.advance([1, 2], [2], undisturbed);
    sequence.extend(back, [9], (await model.forward([9], back.state, [])).state);
    const { logits, reused } = await sequence.advance([1, 2, 3, 4, 5, 6], [2, 4], undisturbed);
    assert.equal(reused, 2);
    assert.deepEqual(logits, await freshLogits([1, 2, 3, 4, 5, 6]));
  });

  it("runs the last token again when its logits were not kept", async () => {
    const model = new FakeModel();
    const sequence = new Sequence(model);
    await sequence.advance([1, 2, 3], [2], undisturbed);
    sequence.shrink();
    model.runs.length = 0;
    await sequence.advance([1, 2], [], undisturbed);
    assert.deepEqual(model.runs, [[1, 2]]);
  });

  it("makes accepting what it generated free", async () => {
    const model = new FakeModel();
    const sequence = new Sequence(model);
    const from = await sequence.advance([1, 2], [], undisturbed);
    let { state } = from;
    for (const token of [7, 8]) {
      ({ state } = await model.forward([token], state, [0]));
      sequence.extend(from, [token], state);
    }
    model.runs.length = 0;
    await sequence.advance([1, 2, 7, 8, 9], [], undisturbed);
    assert.deepEqual(model.runs, [[9]]);
  });

  it("takes nothing from a generation that another one has overtaken, wherever both stand", async () => {
    const model = new FakeModel();
    const sequence = new Sequence(model);
    const slow = await sequence.advance([1, 2], [], undisturbed);
    await sequence.advance([1, 5], [], undisturbed);
    sequence.extend(slow, [7], (await model.forward([7], slow.state, [])).state);
    const { logits } = await sequence.advance([1, 5, 7, 3], [], undisturbed);
    assert.deepEqual(logits, await freshLogits([1, 5, 7, 3]));
  });

  it("runs a long prompt in chunks and keeps what it has done when it is cancelled between two", async () => {
    const model = new FakeModel();
    const sequence = new Sequence(model);
    const tokens = Array.from({ length: 3 * CHUNK_TOKENS }, (_, i) => i % 7);
    await assert.rejects(sequence.advance(tokens, [], stoppedAfter(2)), Cancelled);
    assert.equal(model.runs.length, 2);
    const { reused, logits } = await sequence.advance(tokens, [], undisturbed);
    assert.equal(reused, 2 * CHUNK_TOKENS);
    assert.deepEqual(logits, await freshLogits(tokens));
  });

  it("keeps few states, however long it lives", async () => {
    const sequence = new Sequence(new FakeModel());
    for (let length = 1; length < 400; length++) {
      await sequence.advance(
        Array.from({ length }, (_, i) => i % 5),
        [],
        undisturbed,
      );
    }
    assert.ok(sequence.states.length <= 48, `${sequence.states.length} states`);
  });
});

describe("commonPrefixLength", () => {
  it("counts the leading tokens that two sequences share", () => {
    assert.equal(commonPrefixLength([], [1]), 0);
    assert.equal(commonPrefixLength([1, 2, 3], [1, 2, 4]), 2);
    assert.equal(commonPrefixLength([1, 2], [1, 2, 3]), 2);
  });
});
