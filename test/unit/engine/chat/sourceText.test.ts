import assert from "node:assert/strict";
import { sourceText } from "../../../../src/engine/chat/sourceText";
import type { ChatSource } from "../../../../src/protocol/engine";

describe("the text of a source", () => {
  const source: ChatSource = {
    name: "a.md",
    path: "a.md",
    startLine: 1,
    endLine: 2,
    text: "",
    reason: "similar",
    tokens: 1,
  };
  const fenceOf = (text: string) => sourceText({ ...source, text }).split("\n")[1];

  it("stands between more backticks than it has, however many they are", () => {
    assert.equal(fenceOf("`a`"), "```");
    assert.equal(fenceOf("```ts\n````"), "`````");
    assert.equal(fenceOf("` ".repeat(300_000)), "```");
  });
});
