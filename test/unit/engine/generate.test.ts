import assert from "node:assert/strict";
import { generate } from "../../../src/engine/generate";
import { greedy } from "../../../src/engine/sampler";
import { Sequence } from "../../../src/engine/sequence";
import { Cancelled, type Turn, undisturbed } from "../../../src/engine/turn";
import { FakeModel, freshLogits } from "../../support/fakeModel";

const PROMPT = [1, 2, 3];

/** The slow twin: every token from a fresh run of all before it. */
async function expectedTokens(count: number): Promise<number[]> {
  const tokens: number[] = [];
  while (tokens.length < count) tokens.push(greedy(await freshLogits([...PROMPT, ...tokens])));
  return tokens;
}

async function generated(
  options: { stop?: number[]; maxTokens: number; pull?: number; turn?: Turn },
  model = new FakeModel(),
) {
  const sequence = new Sequence(model);
  const from = await sequence.advance(PROMPT, [], undisturbed);
  const { stop = [], maxTokens, pull = Infinity, turn = undisturbed } = options;
  const tokens: number[] = [];
  for await (const token of generate(model, sequence, from, { pick: greedy, stop, maxTokens }, turn)) {
    tokens.push(token);
    if (tokens.length === pull) break;
  }
  return { tokens, sequence };
}

describe("generate", () => {
  it("yields what fresh runs would, up to the limit", async () => {
    assert.deepEqual((await generated({ maxTokens: 8 })).tokens, await expectedTokens(8));
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
    const refused: Turn = { next: () => Promise.reject(new Cancelled("enough")) };
    await assert.rejects(generated({ maxTokens: 5, turn: refused }), Cancelled);
  });
});
