import assert from "node:assert/strict";
import { cellSuffix, liveText } from "../../../../src/engine/completion/liveText";
import { Documents } from "../../../../src/engine/documents";
import type { CompleteParams } from "../../../../src/protocol/engine";

/** What the model and the filters see at the `|`, as `before|after`. `selected` replaces the word before it, `replaced` long. */
function seen(text: string, selected?: { readonly replaced: number; readonly text: string }): string {
  const { document, params } = at(text, selected);
  const { prefix, suffix } = liveText(document, params, undefined, 0);
  return `${prefix}|${suffix}`;
}

function at(marked: string, selected?: { readonly replaced: number; readonly text: string }) {
  const offset = marked.indexOf("|");
  const text = marked.replace("|", "");
  const document = new Documents().open({ uri: "untitled:1", version: 1, languageId: "python", text });
  const range = selected && { offset: offset - selected.replaced, deleted: selected.replaced, text: selected.text };
  return { document, params: { uri: "untitled:1", version: 1, offset, ...(range && { selected: range }) } };
}

describe("the live text", () => {
  it("is what stands around the cursor", () => {
    assert.equal(seen("a\nb|c\nd"), "a\nb|c\nd");
  });

  it("has the suggestion list's entry in the place of what was typed of it", () => {
    assert.equal(seen("x.prin|)", { replaced: 4, text: "print" }), "x.print|)");
    assert.equal(seen("x.|)", { replaced: 0, text: "print" }), "x.print|)");
  });

  it("has the line ends that models know, on both sides of the cursor", () => {
    assert.equal(seen("a\r\nb|c\r\nd\r\n"), "a\nb|c\nd\n");
    assert.equal(seen("x|\r\n", { replaced: 1, text: "y\r\nz" }), "y\nz|\n");
  });

  it("knows all of the document, also what stands before its own beginning", () => {
    const { document, params } = at("import a\n\nb|c");
    const { prefix, document: whole } = liveText(document, params, undefined, 9);
    assert.deepEqual([prefix, whole], ["\nb", "import a\n\nbc"]);
  });

  it("has the nearest lines out of sight on either side, which stay as they are while somebody types", () => {
    const lines = (name: string) => Array.from({ length: 5_000 }, (_, line) => `${name} ${line}\n`).join("");
    const { document, params } = at(`${lines("above")}above the cursor|\n${lines("below")}`);
    const start = document.text.indexOf("above 4900\n");
    const farAt = (offset: number) => liveText(document, { ...params, offset }, undefined, start).far!;
    const { above, below } = farAt(params.offset);
    assert.match(above, /^above \d+\n(above \d+\n)+$/);
    assert.ok(above.endsWith("\nabove 4899\n"));
    assert.match(below, /^below \d+\n(below \d+\n)+/);
    for (const { length } of [above, below]) assert.ok(length > 23_000 && length <= 24_000, `${length}`);
    const [first] = below.split("\n");
    const rest = document.text.slice(params.offset + 4_000, document.text.indexOf(`${first}\n`));
    assert.ok(rest.length >= 400 && rest.length < 412, rest);
    document.change(2, [{ offset: params.offset, deleted: 0, inserted: " is typed in" }]);
    const typed = farAt(params.offset + " is typed in".length);
    assert.deepEqual([typed.above, typed.below], [above, below]);
  });

  it("has no lines out of sight where the document is short", () => {
    const { document, params } = at("a\nb|c\nd");
    const { above, below } = liveText(document, params, undefined, 0).far!;
    assert.deepEqual([above, below], ["", ""]);
  });

  it("ends with the notebook's cell for what must fit into it", () => {
    const rest = "c\r\n".length;
    const { document, params } = at("a\r\nb|c\r\nnext cell");
    assert.equal(cellSuffix(document, params as CompleteParams, rest), "c\n");
  });
});
