// test/golden/snippets: a source and its outline, for each language. Its README says how to add a case.

import assert from "node:assert/strict";
import { languageOf } from "../../../../src/engine/snippets/languages";
import { type Definition, Outliner } from "../../../../src/engine/snippets/outline";
import { readGoldenCases, section } from "../../../support/goldenCases";

const FOLDER = "test/golden/snippets";

describe("outlines", function () {
  this.timeout(20_000); // the first case of a language loads its grammar
  const outliner = new Outliner();

  for (const golden of readGoldenCases(FOLDER)) {
    it(`${golden.file}: ${golden.title}`, async () => {
      const language = languageOf(golden.head.path!)!;
      await outliner.prepare(language);
      assert.equal(written(outliner.outline(language, section(golden, "source"))), section(golden, "outline"));
    });
  }

  it("are empty before the grammar is there, and for a huge text", async () => {
    const language = languageOf("a.rs")!;
    const fresh = new Outliner();
    assert.deepEqual(fresh.outline(language, "fn a() {}"), []);
    await fresh.prepare(language);
    assert.equal(fresh.outline(language, "fn a() {}").length, 1);
    assert.deepEqual(fresh.outline(language, `fn a() {}${" ".repeat(500_000)}`), []);
  });

  it("give up on a text that takes too long, and read the next one from its start", async () => {
    const language = languageOf("a.c")!;
    await outliner.prepare(language);
    assert.deepEqual(outliner.outline(language, "a<(".repeat(100_000)), []);
    assert.equal(outliner.outline(language, "int f(void) { return 0; }").length, 1);
  });
});

function written(outline: readonly Definition[]): string {
  return outline
    .map(({ startLine, endLine, kind, name, signature, container }) => {
      let depth = 0;
      for (let at = container; at >= 0; at = outline[at]!.container) depth++;
      const lines = `${startLine + 1}-${endLine}`;
      return `${"  ".repeat(depth)}${lines} ${kind} ${name} | ${signature.replaceAll("\n", "⏎")}`;
    })
    .join("\n");
}
