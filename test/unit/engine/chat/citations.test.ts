import assert from "node:assert/strict";
import { checkCitations } from "../../../../src/engine/chat/citations";
import { headOf, readGoldenCases, section } from "../../../support/goldenCases";
import { folderOf } from "./support/folders";

const FORM = { heads: ["files"], sections: ["answer", "citations"] };

/** "src/shapes.ts 14, src/main.ts 3" */
function filesOf(list: string): Record<string, string> {
  const entries = list.split(", ").map((one) => {
    const blank = one.lastIndexOf(" ");
    return [
      one.slice(0, blank),
      Array.from({ length: Number(one.slice(blank + 1)) }, (_, line) => `${line}`).join("\n"),
    ];
  });
  return Object.fromEntries(entries);
}

describe("citations", () => {
  for (const one of readGoldenCases("test/golden/citations", FORM)) {
    it(one.title, async () => {
      const folder = await folderOf("/work", filesOf(headOf(one, "files")));
      const found = checkCitations(section(one, "answer"), [folder]);
      const words = found.map(({ text, path, startLine, endLine }) => `${text} = ${path} ${startLine}-${endLine}`);
      assert.equal(words.join("\n"), section(one, "citations"));
    });
  }

  it("tell folders apart by their names", async () => {
    const folders = [
      await folderOf("/work/one", { "a.ts": "1\n2" }),
      await folderOf("/work/two", { "a.ts": "1", "b.ts": "1" }),
    ];
    const placesIn = (answer: string) =>
      checkCitations(answer, folders).map(({ folder, path, startLine }) => `${folder} ${path} ${startLine}`);
    assert.deepEqual(placesIn("one/a.ts:2"), ["/work/one a.ts 2"]);
    assert.deepEqual(placesIn("two/a.ts:2"), [], "it has one line");
    assert.deepEqual(placesIn("b.ts:1"), ["/work/two b.ts 1"]);
    assert.deepEqual(placesIn("a.ts:1"), [], "there are two");
  });
});
