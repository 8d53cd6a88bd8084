import assert from "node:assert/strict";
import { sourceText } from "../../../../src/engine/chat/sourceText";
import { TokenRoom } from "../../../../src/engine/chat/tokenRoom";

function source(text: string, startLine = 1) {
  const endLine = startLine + text.split("\n").length - 1;
  return { folder: "/f", path: "a.ts", name: "a.ts", startLine, endLine, text, reason: "attached file" } as const;
}

/** A token for each character. */
const countTokens = async (text: string) => text.length;
const tokensOf = (text: string) => sourceText(source(text)).length;

describe("the room for sources in a prompt", () => {
  it("has a source whole or not at all", async () => {
    const text = "one\ntwo";
    const tokens = tokensOf(text);
    assert.deepEqual(await new TokenRoom(tokens, countTokens).whole(source(text)), { ...source(text), tokens });
    assert.equal(await new TokenRoom(tokens - 1, countTokens).whole(source(text)), undefined);
  });

  it("has whole lines of a source's beginning, and says where they end", async () => {
    const room = new TokenRoom(tokensOf("one\ntwo\nthree") - 1, countTokens);
    const beginning = await room.beginningOf(source("one\ntwo\nthree"));
    assert.equal(beginning?.text, "one\ntwo");
    assert.equal(beginning?.endLine, 2);
    assert.equal(await new TokenRoom(3, countTokens).beginningOf(source("one\ntwo")), undefined);
  });

  it("has the first of several, and later ones that still fit", async () => {
    const [first, long, short] = [source("first"), source("x".repeat(500)), source("short")];
    const room = new TokenRoom(tokensOf("first") + tokensOf("short"), countTokens);
    const tokens = (await room.firstOf([first, long, short])).map((one) => one.tokens);
    assert.deepEqual(tokens, [tokensOf("first"), 0, tokensOf("short")]);
  });
});
