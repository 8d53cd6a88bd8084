import assert from "node:assert/strict";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import { Documents } from "../../../src/engine/documents";
import { applyEdits } from "../../../src/text/edit";

const open = (text: string) => new Documents().open({ uri: "file:///a", version: 1, languageId: "plaintext", text });
const lines = (count: number) => Array.from({ length: count }, (_, i) => `line number ${i}\n`).join("");

describe("Documents", () => {
  it("finds a file's document, whichever letters its address escapes", () => {
    const documents = new Documents();
    const path = resolve("/work/app (new)/[id]/+page@2.ts");
    const written = pathToFileURL(path).href;
    // VS Code escapes all but a few letters, also the colon of a drive.
    const escaped = written
      .slice("file:///".length)
      .split("/")
      .map((part) =>
        encodeURIComponent(decodeURIComponent(part)).replace(
          /[()]/g,
          (letter) => `%${letter.charCodeAt(0).toString(16)}`,
        ),
      )
      .join("/");
    assert.notEqual(`file:///${escaped}`, written);
    documents.open({ uri: "file://server/share/a.ts", version: 1, languageId: "typescript", text: "" });
    documents.open({ uri: `file:///${escaped}`, version: 1, languageId: "typescript", text: "unsaved" });
    assert.equal(documents.ofFile(path)?.text, "unsaved");
    assert.equal(documents.ofFile(resolve("/work/other.ts")), undefined);
  });
});

describe("MirroredDocument", () => {
  it("holds the text that the edits make", () => {
    const edit = fc.record({ at: fc.nat(200), deleted: fc.nat(20), inserted: fc.string({ maxLength: 20 }) });
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), fc.array(edit), (text, edits) => {
        const document = open(text);
        let expected = text;
        edits.forEach(({ at, deleted, inserted }, index) => {
          const offset = Math.min(at, expected.length);
          const change = [{ offset, deleted: Math.min(deleted, expected.length - offset), inserted }];
          expected = applyEdits(expected, change);
          document.change(index + 2, change);
        });
        assert.equal(document.text, expected);
      }),
    );
  });

  it("gives the whole text before the cursor while it is short", () => {
    assert.equal(open("ab\ncd").prefix(4), "ab\nc");
  });

  it("begins a long prompt at a line's start and keeps that beginning while the user types", () => {
    const text = lines(2000);
    const document = open(text);
    const before = document.prefix(text.length);
    assert.match(before, /^line number \d+\n/);
    assert.ok(before.length <= 6000);
    document.change(2, [{ offset: text.length, deleted: 0, inserted: "more" }]);
    assert.equal(document.prefix(text.length + 4), `${before}more`);
  });

  it("knows in good time where a prompt that grows should begin next, and says the same as the user types on", () => {
    const window = { longest: 400, shortened: 200 };
    const document = open(lines(100));
    const at = document.text.indexOf("line number 50");
    const length = document.prefix(at, window).length;
    const grown = at + 400 - length - 20;
    assert.equal(document.nextStart(at, window), undefined);
    const start = document.nextStart(grown, window)!;
    assert.equal(document.nextStart(grown + 10, window), start);
    document.beginAt(start);
    const prefix = document.prefix(grown, window);
    assert.match(prefix, /^line number/);
    assert.ok(prefix.length >= window.shortened && prefix.length < 300, `${prefix.length} units`);
  });

  it("keeps the beginning when text above it changes", () => {
    const text = lines(2000);
    const document = open(text);
    const before = document.prefix(text.length);
    document.change(2, [{ offset: 0, deleted: 5, inserted: "a much longer beginning\n" }]);
    assert.equal(document.prefix(document.text.length), before);
  });

  it("takes in what is typed at the beginning of a file", () => {
    const document = open("");
    document.change(2, [{ offset: 0, deleted: 0, inserted: "im" }]);
    document.change(3, [{ offset: 2, deleted: 0, inserted: "port" }]);
    assert.equal(document.prefix(6), "import");
    document.change(4, [{ offset: 0, deleted: 0, inserted: "// " }]);
    assert.equal(document.prefix(9), "// import");
  });

  it("begins again near a cursor that has jumped up", () => {
    const text = lines(2000);
    const document = open(text);
    document.prefix(text.length);
    assert.equal(document.prefix(30), text.slice(0, 30));
  });

  it("begins again when the cursor has gone up to where the prompt began", () => {
    const text = lines(2000);
    const document = open(text);
    const start = text.length - document.prefix(text.length).length;
    const above = text.slice(0, start + 200);
    assert.ok(document.prefix(above.length).length > 5900);
  });

  it("begins in the middle of a huge line rather than take it whole", () => {
    const document = open("x".repeat(1_000_000));
    assert.equal(document.prefix(900_000).length, 6000);
  });
});
