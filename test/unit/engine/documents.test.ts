import assert from "node:assert/strict";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Documents } from "../../../src/engine/documents";

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
    documents.close(`file:///${escaped}`);
    assert.equal(documents.ofFile(path), undefined);
  });

  it("finds a file's document while one is open, also after another one of the same file was closed", () => {
    const path = resolve("/work/(new).ts");
    const { href } = pathToFileURL(path);
    const uris = [href, href.replace("(", "%28")];
    for (const closedFirst of [0, 1]) {
      const documents = new Documents();
      for (const uri of uris) documents.open({ uri, version: 1, languageId: "typescript", text: uri });
      const stays = uris[1 - closedFirst]!;
      documents.close(uris[closedFirst]!);
      assert.equal(documents.ofFile(path)?.uri, stays);
      documents.close(stays);
      assert.equal(documents.ofFile(path), undefined);
    }
  });
});

describe("MirroredDocument", () => {
  it("has marks that move with the text", () => {
    const text = "one\ntwo\n";
    const document = new Documents().open({ uri: "file:///a", version: 1, languageId: "plaintext", text });
    const mark = document.addMark(4);
    document.change(2, [{ offset: 0, deleted: 3, inserted: "three" }]);
    assert.equal(document.text.slice(mark.offset), "two\n");
    document.change(3, [{ offset: mark.offset, deleted: 0, inserted: "// " }]);
    assert.equal(document.text.slice(mark.offset), "// two\n");
  });
});
