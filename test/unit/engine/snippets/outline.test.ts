// test/golden/snippets: a source and its outline, for each language. Its README says how to add a case.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { languageOf } from "../../../../src/engine/snippets/languages";
import { type Definition, Outliner } from "../../../../src/engine/snippets/outline";

const FOLDER = "test/golden/snippets";

describe("outlines", function () {
  this.timeout(20_000); // the first case of a language loads its grammar
  const outliner = new Outliner();

  for (const { file, title, path, source, expected } of readCases()) {
    it(`${file}: ${title}`, async () => {
      const language = languageOf(path)!;
      await outliner.prepare(language);
      assert.equal(written(outliner.outline(language, source)), expected);
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

interface Case {
  file: string;
  title: string;
  path: string;
  source: string;
  expected: string;
}

function readCases(): Case[] {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith(".txt"));
  return files.sort().flatMap((file) => {
    const cases = readFileSync(join(FOLDER, file), "utf8").split(/^=== /m).slice(1);
    return cases.map((text) => {
      const match = /^(.*)\npath: *(\S+)\n--- source\n([\s\S]*?)\n--- outline\n([\s\S]*)$/.exec(text);
      if (!match) throw new Error(`${file}: a case has no "path:", no "--- source" or no "--- outline":\n${text}`);
      const [, title, path, source, expected] = match as unknown as [string, string, string, string, string];
      return { file, title, path, source, expected: expected.trimEnd() };
    });
  });
}

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
