import assert from "node:assert/strict";
import { endpointFacts, factsOf } from "../../../../src/extension/chat/facts";
import type { ChatContext, ChatGrounds, ChatResult } from "../../../../src/protocol/engine";

const source = (tokens: number) =>
  ({ path: "a", name: "a", startLine: 1, endLine: 1, text: "", reason: "similar", tokens }) as const;
const context: ChatGrounds & ChatContext = {
  ...{
    sources: [source(600), source(200), source(0)],
    refusals: [],
    earlierTurns: 2,
    promptTokens: 1204,
  },
  base: { choice: "trunk", reason: "It helps." },
};
const success: ChatResult = {
  ...{ type: "success", finish: "stop", generatedTokens: 48 },
  ...{ reusedTokens: 0, replayedTokens: 1204, prefillMs: 1500, decodeMs: 600 },
};

describe("facts below an answer", () => {
  it("say what was sent to an endpoint, and who answered there", () => {
    assert.equal(
      endpointFacts(context, "vllm.example:8000", { model: "big-coder", ms: 2140 }),
      "about 1,204 tokens sent to vllm.example:8000, 800 of them from 2 sources · 1 source did not fit · " +
        "1 earlier question · answered by big-coder in 2.1 s",
    );
    const bare = { ...context, sources: [], earlierTurns: 0 };
    assert.equal(endpointFacts(bare, "localhost"), "about 1,204 tokens sent to localhost");
  });

  it("say what was asked with", () => {
    assert.equal(
      factsOf(context, success),
      "prompt of 1,204 tokens, 800 of them from 2 sources · 1 source did not fit · 1 earlier question · " +
        "with the repository's state · 48 tokens written in 2.1 s",
    );
  });

  it("say which answers it was not told of, and why", () => {
    const bare = { ...context, sources: [], earlierTurns: 0 };
    for (const [withheld, said] of [
      [{ count: 1, isForGood: true }, "1 earlier answer withheld: it drew on a file that may not be read any more"],
      [{ count: 2, isForGood: false }, "2 earlier answers withheld: they drew on a file that cannot be read just now"],
    ] as const) {
      assert.equal(endpointFacts({ ...bare, withheld }, "localhost"), `about 1,204 tokens sent to localhost · ${said}`);
    }
  });

  it("leave out what was not", () => {
    const bare = { ...context, sources: [], earlierTurns: 0, base: { choice: "empty", reason: "" } } as const;
    assert.equal(
      factsOf(bare, { type: "cancelled", reason: "" }),
      "prompt of 1,204 tokens · without the repository's state",
    );
  });
});
