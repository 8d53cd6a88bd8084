import assert from "node:assert/strict";
import { farStates, measureFar, tokensOutOfSight } from "../../../../src/cli/eval/farState";
import { ExactMemory } from "../../../../src/engine/exactMemory/exactMemory";
import type { LanguageModel } from "../../../../src/engine/model/languageModel";
import { windowModel } from "./recall/support";

const REPOSITORY = "let amber_ledger = tidal_quota(brisk);\n";
const FOREIGN = [
  { path: "f.js", text: "0123456789".repeat(20) },
  { path: "g.js", text: "abcdefghij".repeat(20) },
];
const task = { id: "c-text-1", path: "a.js", prefix: "let amber_", expected: "ledger = tidal_quota(brisk)" };

/** What a model that sees so many tokens back makes of the task. */
async function measured(window: number, length: number, runs: { at: number; tokens: readonly number[] }[] = []) {
  const lm = windowModel(window, runs);
  const tokens = [lm.about.tokens.bos, ...(await lm.tokenizer.encode(REPOSITORY))];
  const { state } = await lm.model.forward(tokens, lm.model.emptyState, []);
  return measureFar(lm, task, await farStates(lm, state, FOREIGN, length));
}

describe("a state from far", () => {
  it("is worth what the model still knows behind the foreign text", async () => {
    const [none, remembered] = await measured(1_000, 300);
    assert(remembered!.bits < 0.2 * none!.bits, `${remembered!.bits} of ${none!.bits} bits`);
    const [without, forgotten] = await measured(200, 300);
    assert.equal(forgotten!.bits, without!.bits);
  });

  it("tells where it came from, under an id of its own", async () => {
    const results = await measured(200, 300);
    assert.deepEqual(
      results.map(({ id, condition, base, bytes }) => [id, condition, base, bytes]),
      [
        ["c-far-text-1", "none", "empty", 27],
        ["c-far-text-1", "trunk", "trunk", 27],
      ],
    );
  });

  it("has the exact memory beside it, which remembers what the state has forgotten", async () => {
    const lm = windowModel(200);
    const tokens = await lm.tokenizer.encode(REPOSITORY);
    const memory = new ExactMemory();
    memory.setDocument("b.js", tokens);
    while (memory.work());
    const { state } = await lm.model.forward([lm.about.tokens.bos, ...tokens], lm.model.emptyState, []);
    const results = await measureFar(lm, task, await farStates(lm, state, FOREIGN, 300), memory);
    const bits = Object.fromEntries(results.map((result) => [result.condition, result.bits]));
    assert.equal(bits.trunk, bits.none);
    assert(bits["trunk+memory"]! < 0.5 * bits.none!, JSON.stringify(bits));
  });

  it("reads the same foreign tokens under both states, and just so many", async () => {
    const runs: { at: number; tokens: readonly number[] }[] = [];
    await measured(1_000, 300, runs);
    const textAfter = (start: number) => {
      const before = runs.filter(({ at }) => at >= start && at < start + 300);
      return Buffer.from(before.flatMap(({ tokens }) => tokens).filter((token) => token < 256)).toString();
    };
    const between = `// f.js\n${FOREIGN[0]!.text}\n// g.js\n${FOREIGN[1]!.text}\n`.slice(0, 300);
    assert(textAfter(REPOSITORY.length + 1).includes(between));
    assert(textAfter(0).includes(between));
  });

  it("is behind the widest window, and says when there is too little foreign text", async () => {
    const layers = [
      { temporal: "recurrent" },
      { temporal: "attention", window: 511 },
      { temporal: "attention", window: 7 },
    ];
    const lm = { model: { architecture: { layers } } } as unknown as LanguageModel;
    assert.equal(tokensOutOfSight(lm), 512);
    await assert.rejects(measured(10, 9_000), /must give 9000 tokens to stand between, and has 418/);
  });
});
