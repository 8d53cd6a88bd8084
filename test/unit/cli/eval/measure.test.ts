import assert from "node:assert/strict";
import { measure } from "../../../../src/cli/eval/measure";
import { COMPARED, conditionOf } from "../../../../src/cli/eval/sources";
import type { Task } from "../../../../src/cli/eval/tasks";
import { ExactMemory } from "../../../../src/engine/exactMemory/exactMemory";
import type { LanguageModel } from "../../../../src/engine/model/languageModel";
import type { State } from "../../../../src/engine/model/state";
import type { DocumentOffer } from "../../../../src/engine/repository/offer";
import type { SnippetIndex } from "../../../../src/engine/snippets/snippetIndex";
import { assertClose } from "../../../support/assertClose";
import { byteTokenizer } from "./byteTokenizer";

/**
 * A model of bytes that expects each byte to be one more than the one before it: 1 bit when it is, 9 when it is not,
 * but for rounding. It knows only the position of its state, as any state may. `runs` has all that it was given.
 */
function countingModel(runs: (readonly number[])[] = [], starts: number[] = []): LanguageModel {
  const model = {
    architecture: { vocabSize: 257 },
    emptyState: { position: 0, layers: [] },
    forward(tokens: readonly number[], state: State, logitRows: readonly number[]) {
      runs.push(tokens);
      starts.push(state.position);
      const logits = new Float32Array(logitRows.length * 257);
      logitRows.forEach((row, index) => {
        logits[index * 257 + tokens[row]! + 1] = Math.log(256);
      });
      return Promise.resolve({ state: { position: state.position + tokens.length, layers: [] }, logits });
    },
  };
  const tokenizer = byteTokenizer("<eos>");
  const about = { tokens: { bos: 64, stop: [256] }, trained: { fillInTheMiddle: false } };
  return { model, tokenizer, about } as unknown as LanguageModel;
}

const text = { id: "a", kind: "text", path: "a.txt", suffix: "" } as const;

async function bitsOf(lm: LanguageModel, task: Task): Promise<number> {
  const [result] = await measure(lm, task);
  assert(result?.kind === "text");
  return result.bits;
}

describe("measure", () => {
  it("sums the bits of the expected tokens alone, the first of them given the prefix", async () => {
    const [result] = await measure(countingModel(), { ...text, prefix: "zz0", expected: "123x" });
    assert(result?.kind === "text");
    assert.deepEqual([result.bytes, result.condition], [4, undefined]);
    assertClose(result.bits, 1 + 1 + 1 + 9, 0.01, "bits");
  });

  it("begins after <bos> when there is no prefix", async () => {
    assertClose(await bitsOf(countingModel(), { ...text, prefix: "", expected: "AB" }), 2, 0.01, "bits");
  });

  it("gives the same bits however many runs a text takes, and does not run its last token", async () => {
    const runs: number[][] = [];
    const expected = Array.from({ length: 200 }, (_, i) => String.fromCharCode(33 + (i % 90))).join("");
    const bits = await bitsOf(countingModel(runs), { ...text, prefix: "0123456789", expected });
    // Three beginnings are not what the model expects: the text's own and its two returns to the first sign.
    assertClose(bits, 197 + 3 * 9, 1, "bits");
    assert.equal(runs.flat().length, 210);
  });
});

describe("measure in a repository", () => {
  const path = "src/live.txt";
  const trunk = { state: { position: 1000, layers: [] }, epoch: 0, renewal: 0 };
  const snippet = { path: "o.txt", text: "S", startLine: 0, endLine: 1, score: 1, reason: "similar" };
  const snippets = { retrieve: () => [snippet], has: () => true, updateOf: () => 1 } as unknown as SnippetIndex;

  function contextWith(remembered: string): DocumentOffer {
    const memory = new ExactMemory();
    memory.setDocument("src/other.txt", [...Buffer.from(remembered)]);
    while (memory.work());
    return { path, trunk, snippets, memory };
  }

  it("gives a result for each condition; those alike but for the memory share their runs", async () => {
    const runs: number[][] = [];
    const starts: number[] = [];
    const task: Task = { ...text, path, prefix: "use of it: ", expected: "quite unlikely" };
    const context = contextWith("use of it: quite unlikely, use of it: quite unlikely");
    const results = await measure(countingModel(runs, starts), task, {
      context,
      conditions: COMPARED,
      asksModel: false,
    });

    assert.deepEqual(
      results.map(({ condition, base }) => [condition, base]),
      [
        ["none", "empty"],
        ["trunk", "trunk"],
        ["snippets", "empty"],
        ["memory", "empty"],
        ["all", "trunk"],
      ],
    );
    const prompts = runs.map((run) => Buffer.from(run).toString("latin1"));
    assert.deepEqual(prompts, [
      "@// src/live.txt\nuse of it: quite unlikel",
      "// src/live.txt\nuse of it: quite unlikel",
      "@// o.txt\nS\n// src/live.txt\nuse of it: quite unlikel",
      "// o.txt\nS\n// src/live.txt\nuse of it: quite unlikel",
    ]);
    assert.deepEqual(starts, [0, 1000, 0, 1000]);
    const [none, trunkOnly, snippetsOnly, memory, all] = results.map((result) =>
      result.kind === "text" ? result.bits : NaN,
    );
    assert.equal(none, trunkOnly);
    assert.equal(none, snippetsOnly);
    assert(memory! < none! / 2 && all! < none! / 2, `${memory} and ${all} of ${none}`);
  });

  it("does not remember the live file", async () => {
    const task: Task = { ...text, path: "src/other.txt", prefix: "use of it: ", expected: "quite unlikely" };
    const bitsWith = async (remembered: string) => {
      const context = { ...contextWith(remembered), path: "src/other.txt" };
      const conditions = [conditionOf(["memory"])];
      const [result] = await measure(countingModel(), task, { context, conditions, asksModel: false });
      return result?.kind === "text" ? result.bits : NaN;
    };
    assert.equal(await bitsWith("use of it: quite unlikely"), await bitsWith("\u0001\u0002\u0003"));
  });

  it("completes spans with what each condition offers", async () => {
    const task: Task = { id: "a", kind: "span", path, prefix: "const area = of(", suffix: ")", expected: "wanted" };
    const context = contextWith("const area = of(wanted)\n".repeat(4));
    const conditions = [conditionOf([]), conditionOf(["memory"])];
    const [none, memory] = await measure(countingModel(), task, { context, conditions, asksModel: true });
    assert(none?.kind === "span" && memory?.kind === "span");
    assert.deepEqual([none.named, none.exact, memory.named, memory.exact], [false, false, true, true]);
    assert.deepEqual([none.base, memory.base], ["empty", "empty"]);
  });
});
