import assert from "node:assert/strict";
import fc from "fast-check";
import { generate, generateAfter } from "../../../../src/engine/decoding/generate";
import { greedy } from "../../../../src/engine/decoding/logits";
import { Sequence } from "../../../../src/engine/decoding/sequence";
import type { State } from "../../../../src/engine/model/state";
import { Cancelled, type ModelAccess, undisturbed } from "../../../../src/engine/modelAccess";
import { FakeModel, freshLogits } from "../../../support/fakeModel";

const PROMPT = [1, 2, 3];

/** The slow twin: every token from a fresh run of all before it. */
async function expectedTokens(count: number): Promise<number[]> {
  const tokens: number[] = [];
  while (tokens.length < count) tokens.push(greedy(await freshLogits([...PROMPT, ...tokens])));
  return tokens;
}

async function generated(
  options: { stop?: number[]; maxTokens: number; pull?: number; access?: ModelAccess },
  model = new FakeModel(),
) {
  const sequence = new Sequence(model);
  const from = await sequence.advance(PROMPT, [], undisturbed);
  const { stop = [], maxTokens, pull = Infinity, access = undisturbed } = options;
  const tokens: number[] = [];
  for await (const token of generateAfter(model, sequence, from, { pick: greedy, stop, maxTokens }, access)) {
    tokens.push(token);
    if (tokens.length === pull) break;
  }
  return { tokens, sequence };
}

describe("generate", () => {
  it("yields what fresh runs would, up to the limit", async () => {
    assert.deepEqual((await generated({ maxTokens: 8 })).tokens, await expectedTokens(8));
  });

  it("yields nothing when nothing is wanted", async () => {
    assert.deepEqual((await generated({ maxTokens: 0, pull: 20 })).tokens, []);
  });

  for (const mostUnsettled of [0, 4]) {
    for (const count of [1, 3, 6]) {
      it(`begins with tokens that were chosen already: ${count}, where ${mostUnsettled} may go without a state`, async () => {
        const expected = await expectedTokens(8);
        const model = new FakeModel();
        const { state } = await model.forward(PROMPT, model.emptyState, []);
        const found: number[] = [];
        const states: [number, readonly number[]][] = [];
        const options = {
          ...{ pick: greedy, stop: [], maxTokens: 8 - count, mostUnsettled },
          onState: ({ position }: State, tokens: readonly number[]) => states.push([position, tokens]),
        };
        const from = { state, unsettled: expected.slice(0, count) };
        for await (const token of generate(model, from, options, undisturbed)) found.push(token);
        assert.deepEqual(found, expected.slice(count));
        // All but the last token are run, and each state is told with what it has seen since the one before.
        let seen = 0;
        for (const [position, tokens] of states) {
          assert.deepEqual(tokens, expected.slice(seen, seen + tokens.length));
          seen += tokens.length;
          assert.equal(position, PROMPT.length + seen);
        }
        const settledAtOnce = mostUnsettled === 0 || count > mostUnsettled;
        assert.equal(states[0]?.[1].length, settledAtOnce ? count : mostUnsettled + 1);
      });
    }
  }

  it("makes no state for a few tokens that need not be settled", async () => {
    const model = new FakeModel();
    const expected = await expectedTokens(4);
    const { state } = await model.forward(PROMPT, model.emptyState, []);
    const made = model.statesMade;
    const options = { pick: greedy, stop: [], maxTokens: 3, mostUnsettled: 4 };
    const found: number[] = [];
    const from = { state, unsettled: expected.slice(0, 1) };
    for await (const token of generate(model, from, options, undisturbed)) found.push(token);
    assert.deepEqual([found, model.statesMade - made], [expected.slice(1), 0]);
  });

  it("asks for each choice with logits, also after a choice that is none", async () => {
    const model = new FakeModel();
    const sequence = new Sequence(model);
    const from = await sequence.advance(PROMPT, [], undisturbed);
    const lengths: number[] = [];
    const pick = ({ length }: Float32Array) => {
      lengths.push(length);
      return undefined as never;
    };
    for await (const _ of generateAfter(model, sequence, from, { pick, stop: [], maxTokens: 2 }, undisturbed));
    assert.deepEqual(lengths, [64, 64]);
  });

  it("ends before a stop token", async () => {
    const expected = await expectedTokens(8);
    const stop = expected[4]!;
    assert.deepEqual(
      (await generated({ stop: [stop], maxTokens: 8 })).tokens,
      expected.slice(0, expected.indexOf(stop)),
    );
  });

  it("does not run a token after which nothing is wanted", async () => {
    const model = new FakeModel();
    await generated({ maxTokens: 8, pull: 3 }, model);
    assert.equal(model.runs.length, 1 + 2);
  });

  it("leaves its states for whoever accepts the text", async () => {
    const model = new FakeModel();
    const { tokens, sequence } = await generated({ maxTokens: 5 }, model);
    const { reused } = await sequence.advance([...PROMPT, ...tokens], [], undisturbed);
    assert.equal(reused, PROMPT.length + 4);
  });

  it("ends with the turn that is refused", async () => {
    const refused: ModelAccess = { nextRun: () => Promise.reject(new Cancelled("enough")) };
    await assert.rejects(generated({ maxTokens: 5, access: refused }), Cancelled);
  });

  it("yields the same with drafts, good or bad, and keeps only states that are right", async () => {
    const expected = await expectedTokens(24);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ right: fc.nat(4), wrong: fc.nat(2) }), { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 24 }),
        fc.integer({ min: 1, max: 24 }),
        async (plan, maxTokens, pull) => {
          let yielded = 0;
          let drafts = 0;
          const draft = (max: number) => {
            const { right, wrong } = plan[drafts++ % plan.length]!;
            const guess = [...expected.slice(yielded, yielded + right), ...Array<number>(wrong).fill(63)];
            return guess.slice(0, max);
          };
          const model = new FakeModel();
          const sequence = new Sequence(model);
          const from = await sequence.advance(PROMPT, [], undisturbed);
          const tokens: number[] = [];
          for await (const token of generateAfter(
            model,
            sequence,
            from,
            { pick: greedy, stop: [], maxTokens, draft },
            undisturbed,
          )) {
            tokens.push(token);
            yielded++;
            if (yielded === pull) break;
          }
          assert.deepEqual(tokens, expected.slice(0, Math.min(maxTokens, pull)));
          const next = await sequence.advance([...PROMPT, ...tokens], [], undisturbed);
          assert.deepEqual(next.logits, await freshLogits([...PROMPT, ...tokens]));
        },
      ),
    );
  });

  it("runs drafted tokens with the one before, and what a wrong draft leaves with the next one", async () => {
    const expected = await expectedTokens(8);
    const drafts = [[expected[1]!, expected[2]!, 63], [expected[4]!], []];
    const model = new FakeModel();
    const sequence = new Sequence(model);
    const from = await sequence.advance(PROMPT, [], undisturbed);
    const draft = () => drafts.shift() ?? [];
    const options = { pick: greedy, stop: [], maxTokens: 7, draft };
    const made = model.statesMade;
    const tokens: number[] = [];
    for await (const token of generateAfter(model, sequence, from, options, undisturbed)) tokens.push(token);
    assert.deepEqual(tokens, expected.slice(0, 7));
    assert.deepEqual(model.runs.slice(1), [[...expected.slice(0, 3), 63], expected.slice(0, 5), [expected[5]]]);
    assert.equal(model.statesMade - made, 2, "the state after a wrong draft was made, which copies logs");
  });
});
