import assert from "node:assert/strict";
import { noTrunk } from "../../../../src/engine/base/baseChoice";
import { buildFrame } from "../../../../src/engine/completion/promptFrame";
import type { LanguageModel } from "../../../../src/engine/model/languageModel";

/** What a model that fills in the middle is told of the text after the cursor. */
async function toldOf(suffix: string): Promise<string | undefined> {
  const encoded: string[] = [];
  const encode = async (text: string) => {
    encoded.push(text);
    return [];
  };
  const about = { tokens: { bos: 2, fimPrefix: 6, fimSuffix: 8 }, trained: { fillInTheMiddle: true } };
  const lm = { about, tokenizer: { encode }, model: {} } as unknown as LanguageModel;
  await buildFrame(lm, noTrunk(lm), { path: undefined, languageId: "plaintext", prefix: "", suffix }, []);
  return encoded.at(-1);
}

describe("the frame of a prompt", () => {
  it("tells the text after the cursor up to a line's end", async () => {
    assert.equal(await toldOf("a\nb"), "a\nb");
    assert.equal(await toldOf(`${"a".repeat(500)}\n${"b".repeat(500)}`), `${"a".repeat(500)}\n`);
  });

  it("tells the beginning of a line that is too long, and no half of a character", async () => {
    assert.equal(await toldOf("a".repeat(1_000)), "a".repeat(800));
    assert.equal(await toldOf(`a${"🦅".repeat(500)}`), `a${"🦅".repeat(399)}`);
  });
});
