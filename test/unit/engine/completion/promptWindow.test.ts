import assert from "node:assert/strict";
import { nextStart, textBefore, WIDE_WINDOW } from "../../../../src/engine/completion/promptWindow";
import { Documents, type MirroredDocument } from "../../../../src/engine/documents";

const open = (text: string) => new Documents().open({ uri: "file:///a", version: 1, languageId: "plaintext", text });
const lines = (count: number) => Array.from({ length: count }, (_, i) => `line number ${i}\n`).join("");
const prefixOf = (document: MirroredDocument, offset: number) => textBefore(document, offset, WIDE_WINDOW);

describe("the window of text that goes into a prompt", () => {
  it("gives the whole text before the cursor while it is short", () => {
    assert.equal(prefixOf(open("ab\ncd"), 4), "ab\nc");
  });

  it("begins a long prompt at a line's start and keeps that beginning while the user types", () => {
    const text = lines(2000);
    const document = open(text);
    const prefix = prefixOf(document, text.length);
    assert.match(prefix, /^line number \d+\n/);
    assert.ok(prefix.length <= 6000);
    document.change(2, [{ offset: text.length, deleted: 0, inserted: "more" }]);
    assert.equal(prefixOf(document, text.length + 4), `${prefix}more`);
  });

  it("knows in good time where a prompt that grows should begin next, and says the same as the user types on", () => {
    const window = { longest: 400, shortened: 200 };
    const document = open(lines(100));
    const at = document.text.indexOf("line number 50");
    const length = textBefore(document, at, window).length;
    const grown = at + 400 - length - 20;
    assert.equal(nextStart(document, at, window), undefined);
    const start = nextStart(document, grown, window)!;
    assert.equal(nextStart(document, grown + 10, window), start);
    document.mark.offset = start;
    const prefix = textBefore(document, grown, window);
    assert.match(prefix, /^line number/);
    assert.ok(prefix.length >= window.shortened && prefix.length < 300, `${prefix.length} units`);
  });

  it("keeps the beginning when text above it changes", () => {
    const text = lines(2000);
    const document = open(text);
    const prefix = prefixOf(document, text.length);
    document.change(2, [{ offset: 0, deleted: 5, inserted: "a much longer beginning\n" }]);
    assert.equal(prefixOf(document, document.text.length), prefix);
  });

  it("takes in what is typed at the beginning of a file", () => {
    const document = open("");
    document.change(2, [{ offset: 0, deleted: 0, inserted: "im" }]);
    document.change(3, [{ offset: 2, deleted: 0, inserted: "port" }]);
    assert.equal(prefixOf(document, 6), "import");
    document.change(4, [{ offset: 0, deleted: 0, inserted: "// " }]);
    assert.equal(prefixOf(document, 9), "// import");
  });

  it("begins again near a cursor that has jumped up", () => {
    const text = lines(2000);
    const document = open(text);
    prefixOf(document, text.length);
    assert.equal(prefixOf(document, 30), text.slice(0, 30));
  });

  it("begins again when the cursor has gone up to where the prompt began", () => {
    const text = lines(2000);
    const document = open(text);
    const start = text.length - prefixOf(document, text.length).length;
    const above = text.slice(0, start + 200);
    assert.ok(prefixOf(document, above.length).length > 5900);
  });

  it("begins in the middle of a huge line rather than take it whole", () => {
    const document = open("x".repeat(1_000_000));
    assert.equal(prefixOf(document, 900_000).length, 6000);
  });

  it("has enough of a huge line right above the cursor, and all that is written below it", () => {
    const window = { longest: 4_000, shortened: 2_000 };
    const document = open(`${lines(100)}const icon = "${"A".repeat(3_000)}";\n`);
    const lengths = Array.from({ length: 12 }, (_, line) => {
      document.change(line + 2, [{ offset: document.text.length, deleted: 0, inserted: "const value = compute();\n" }]);
      return textBefore(document, document.text.length, window).length;
    });
    for (const length of lengths) assert.ok(length >= 1_900 && length <= 4_000, `${lengths}`);
    const atIcon = document.text.indexOf("const icon");
    const grown = document.text.indexOf("\n", atIcon) + 1;
    document.mark.offset = grown - 3_100;
    const start = nextStart(document, grown, window)!;
    assert.ok(grown - start >= 1_900, `${grown - start}`);
    assert.equal(nextStart(document, grown + 20, window), start);
  });

  it("does not begin with half a character", () => {
    const text = "🦅".repeat(10_000);
    for (const offset of [14_000, 14_001]) assert.match(prefixOf(open(text), offset), /^🦅/u);
    for (const shortened of [1_999, 2_000]) {
      const start = nextStart(open(text), 5_000, { longest: 4_000, shortened })!;
      assert.match(text.slice(start), /^🦅/u);
    }
  });
});
