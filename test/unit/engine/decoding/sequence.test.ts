import assert from "node:assert/strict";
import fc from "fast-check";
import { generateAfter } from "../../../../src/engine/decoding/generate";
import { greedy } from "../../../../src/engine/decoding/logits";
import { CHUNK_TOKENS, commonPrefixLength, Sequence } from "../../../../src/engine/decoding/sequence";
import { type KvShape, SLACK_ROWS } from "../../../../src/engine/model/kvLog";
import { forkOf, type State } from "../../../../src/engine/model/state";
import { Cancelled, undisturbed } from "../../../../src/engine/modelAccess";
import { FakeModel, freshLogits, freshRun } from "../../../support/fakeModel";
import { stoppedAfter } from "../../../support/stoppedAfter";

const SHAPE: KvShape = { headDim: 1, window: 100, keepsFirst: false };
/** More tokens than are run again without a thought. */
const LONG = Array.from({ length: 40 }, (_, index) => index % 7);

function logsOf(states: readonly State[]): Set<object> {
  const layers = states.flatMap((state) => state.layers);
  return new Set(layers.flatMap((layer) => (layer.kind === "attention" ? [layer.kv.logIdentity] : [])));
}

/** What attention sees in a state. */
function windowsOf({ layers }: State): unknown[] {
  return layers.map((layer) => (layer.kind === "attention" ? layer.kv.window : layer));
}

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
          const unread = sequence.unread(tokens);
          const { logits, replayed } = await sequence.advance(tokens, landmarks, undisturbed);
          assert.deepEqual(logits, await freshLogits(tokens));
          assert.equal(unread, replayed, "it had said how many it would run");
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

  it("has the state of a fresh run after any series of edits, suggestions, accepted or not, and other places", async () => {
    const token = fc.integer({ min: 0, max: 5 });
    const step = fc.record({
      keep: fc.nat(250),
      insert: fc.array(token, { minLength: 1, maxLength: 90 }),
      written: fc.nat(20),
      accepted: fc.nat(30),
      isAhead: fc.boolean(),
      next: fc.constantFrom("go on", "go on", "go on", "shrink", "to the other place"),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 15 }), fc.nat(20_000), async (steps, bytes) => {
        const model = new FakeModel(SHAPE);
        let sequence = new Sequence(model, { count: 12, bytes });
        let other: Sequence | undefined;
        const ask = async (tokens: readonly number[], maxTokens: number) => {
          const unread = sequence.unread(tokens);
          const from = await sequence.advance(tokens, [20, 60], undisturbed);
          const fresh = await freshRun(tokens, SHAPE);
          assert.deepEqual(from.logits, fresh.logits);
          assert.deepEqual(windowsOf(from.state), windowsOf(fresh.state));
          assert.equal(unread, from.replayed, "it had said how many it would run");
          const written: number[] = [];
          const options = { pick: greedy, stop: [], maxTokens };
          for await (const token of generateAfter(model, sequence, from, options, undisturbed)) written.push(token);
          return written;
        };
        let tokens: number[] = [];
        for (const { keep, insert, written, accepted, isAhead, next } of steps) {
          tokens = [...tokens.slice(0, keep), ...insert];
          const suggestion = await ask(tokens, written);
          if (isAhead) await ask([...tokens, ...suggestion], 5);
          tokens = [...tokens, ...suggestion.slice(0, accepted)];
          if (next === "shrink") sequence.shrink();
          // It shares all logs with the one that is left.
          if (next === "to the other place") [sequence, other] = [other ?? sequence.fork(), sequence];
        }
      }),
      { numRuns: 40 },
    );
  });

  it("reads no more for an edit after accepted suggestions than after the same text typed", async () => {
    const costsOfEdits = async (isAccepted: boolean) => {
      const model = new FakeModel(SHAPE);
      // Of the sequence's own logs, and of two that are written to on trial.
      const sequence = new Sequence(model, { count: 1000, bytes: 9000 });
      const landmarks = [50, 100, 150, 200, 250];
      let tokens = Array.from({ length: 300 }, (_, index) => index % 7);
      const line = [1, 2, 3, 4, 5, 6, 5, 4, 3, 2, 1];
      for (let lines = 0; lines < 5; lines++) {
        for (let end = 0; end <= line.length; end += isAccepted ? line.length : 1) {
          const from = await sequence.advance([...tokens, ...line.slice(0, end)], landmarks, undisturbed);
          const suggested = [...line.slice(end), ...line][Symbol.iterator]();
          const options = { pick: () => suggested.next().value!, stop: [], maxTokens: line.length };
          for await (const _ of generateAfter(model, sequence, from, options, undisturbed));
        }
        tokens = [...tokens, ...line, 6];
        await sequence.advance(tokens, landmarks, undisturbed);
        assert.equal(logsOf(sequence.states).size, 1);
      }
      const edits = [3, 17, 50, 120, 170, 220, 270].map((back) => [...tokens.slice(0, -back), 0]);
      return edits.map((edited) => sequence.unread(edited));
    };
    assert.deepEqual(await costsOfEdits(true), await costsOfEdits(false));
  });

  it("goes on from where it ended, though what was written there took the room of all other states", async () => {
    const model = new FakeModel(SHAPE);
    const sequence = new Sequence(model, { count: 48, bytes: 1 });
    const from = await sequence.advance(LONG, [], undisturbed);
    const options = { pick: greedy, stop: [], maxTokens: 5 };
    for await (const _ of generateAfter(model, sequence, from, options, undisturbed));
    model.runs.length = 0;
    await sequence.advance([...LONG, 63], [], undisturbed);
    assert.deepEqual(model.runs, [[63]]);
  });

  it("comes back and goes on for free after its memory was taken", async () => {
    const model = new FakeModel(SHAPE);
    const sequence = new Sequence(model);
    const prompt = [...LONG, 1, 2, 3];
    const from = await sequence.advance(prompt, [LONG.length], undisturbed);
    const { state } = await model.forward([7], forkOf(from.state), [0]);
    sequence.extend(from, [7], state);
    sequence.shrink();
    assert.equal(logsOf(sequence.states).size, 1);
    model.runs.length = 0;
    const { logits } = await sequence.advance(prompt, [], undisturbed);
    assert.deepEqual(model.runs, []);
    assert.deepEqual(logits, await freshLogits(prompt));
    await sequence.advance([...prompt, 5], [], undisturbed);
    await sequence.advance([...LONG, 9], [], undisturbed);
    assert.deepEqual(model.runs, [[5], [9]]);
  });

  it("goes back after its memory was taken as cheaply as if an accepted suggestion had been typed", async () => {
    const model = new FakeModel(SHAPE);
    const sequence = new Sequence(model);
    const from = await sequence.advance(LONG, [20], undisturbed);
    const options = { pick: () => 1, stop: [], maxTokens: 5 };
    for await (const _ of generateAfter(model, sequence, from, options, undisturbed));
    const tokens = [...LONG, 1, 1, 1, 1, 1];
    for (let key = 0; key < 3; key++) {
      await sequence.advance(tokens, [20], undisturbed);
      tokens.push(2);
    }
    sequence.shrink();
    assert.equal(sequence.unread([...LONG.slice(0, 20), 3]), 1);
  });

  it("goes back as far as it may be asked to after its memory was taken, also where its last log was just begun", async () => {
    const shrunk = async (reach?: number) => {
      const sequence = new Sequence(new FakeModel(SHAPE), undefined, () => 100);
      const tokens = Array.from({ length: SHAPE.window + SLACK_ROWS + 5 }, (_, index) => index % 7);
      await sequence.advance(tokens, [], undisturbed);
      sequence.shrink(reach);
      return sequence.unread([...tokens.slice(0, -100), 9]);
    };
    assert.ok((await shrunk()) > 500);
    assert.ok((await shrunk(100)) < 200);
  });

  it("goes on in the same logs, whatever is written after each key", async () => {
    const model = new FakeModel(SHAPE);
    const sequence = new Sequence(model);
    const tokens = [...LONG];
    for (let key = 0; key < 10; key++) {
      tokens.push(key);
      const from = await sequence.advance(tokens, [], undisturbed);
      const options = { pick: greedy, stop: [], maxTokens: 5 };
      for await (const _ of generateAfter(model, sequence, from, options, undisturbed));
    }
    assert.equal(logsOf(sequence.states).size, 2);
  });

  type Wanted = readonly [tokens: readonly number[], landmarks: readonly number[]];
  const steps: readonly { it: string; from: Wanted; to: Wanted; runs: readonly (readonly number[])[] }[] = [
    {
      it: "runs only the new tokens when text is added at the end",
      from: [[1, 2, 3], []],
      to: [[1, 2, 3, 4, 5], []],
      runs: [[4, 5]],
    },
    {
      it: "goes back to a landmark when what follows it has changed",
      from: [[...LONG, 4, 5], [LONG.length]],
      to: [[...LONG, 9], [LONG.length]],
      runs: [[9]],
    },
    {
      it: "makes no run of its own for a landmark that a state stands close before",
      from: [LONG, []],
      to: [[...LONG, 1, 2], [LONG.length + 1]],
      runs: [[1, 2]],
    },
    {
      it: "runs the last token again when its logits were not kept",
      from: [[1, 2, 3], [2]],
      to: [[1, 2], []],
      runs: [[1, 2]],
    },
  ];
  for (const { it: title, from, to, runs } of steps) {
    it(title, async () => {
      const model = new FakeModel();
      const sequence = new Sequence(model);
      await sequence.advance(...from, undisturbed);
      model.runs.length = 0;
      const { reused, replayed } = await sequence.advance(...to, undisturbed);
      assert.deepEqual(model.runs, runs);
      assert.deepEqual([reused + replayed, replayed], [to[0].length, runs.flat().length]);
    });
  }

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
