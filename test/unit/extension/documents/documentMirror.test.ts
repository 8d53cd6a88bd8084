import assert from "node:assert/strict";
import fc from "fast-check";
import { DocumentMirror, type MirrorSource } from "../../../../src/extension/documents/documentMirror";
import type { HostMessage, TextEdit } from "../../../../src/protocol/engine";
import { applyEdits } from "../../../../src/text/edit";
import { FakeEngineProcess } from "../../../support/fakeEngineProcess";
import { FakeLog } from "../../../support/fakeLog";

class EditorText implements MirrorSource {
  readonly uri = "file:///a.ts";
  readonly languageId = "typescript";
  version = 1;

  constructor(
    private text: string,
    readonly path = "a.ts",
    readonly judgedPath = path,
  ) {}

  get length(): number {
    return this.text.length;
  }

  /** How often. */
  textsAsked = 0;

  getText(): string {
    this.textsAsked++;
    return this.text;
  }

  edit(edits: readonly TextEdit[]): void {
    this.text = applyEdits(this.text, edits);
    this.version++;
  }
}

function setUp(text: string, path?: string) {
  const source = new EditorText(text, path);
  const log = new FakeLog();
  const link: { engine: FakeEngineProcess | undefined } = { engine: new FakeEngineProcess() };
  const engine = {
    get isReady() {
      return link.engine !== undefined;
    },
    send(message: HostMessage) {
      link.engine?.send(message);
      return engine.isReady;
    },
  };
  const mirror = new DocumentMirror(engine, log);
  const edit = (...edits: TextEdit[]): void => {
    source.edit(edits);
    mirror.change(source.uri, edits);
  };
  const mirrored = () => link.engine?.documents.get(source.uri);
  return { source, mirror, link, log, edit, mirrored };
}

const insert = (offset: number, inserted: string): TextEdit => ({ offset, deleted: 0, inserted });

describe("DocumentMirror", () => {
  it("opens, changes and closes in order", () => {
    const { source, mirror, link, edit, mirrored } = setUp("ab");
    mirror.open(source);
    edit(insert(1, "x"));
    assert.deepEqual(mirrored(), { version: 2, text: "axb" });
    assert.ok(mirror.isMirrored(source.uri, 2));
    assert.ok(!mirror.isMirrored(source.uri, 1));
    mirror.close(source.uri);
    assert.deepEqual(link.engine!.receivedTypes(), ["open", "change", "close"]);
    assert.ok(!mirror.isMirrored(source.uri, 2));
  });

  it("sends everything again to a new engine", () => {
    const { source, mirror, link, edit, mirrored } = setUp("ab");
    mirror.open(source);
    link.engine = undefined;
    assert.ok(!mirror.isMirrored(source.uri, 1), "it has gone, and its copy with it");
    edit(insert(0, "1"));
    link.engine = new FakeEngineProcess();
    mirror.resendAll();
    edit(insert(0, "2"));
    assert.deepEqual(mirrored(), { version: 3, text: "21ab" });
  });

  it("does not put the text together for each key while no engine wants it, and once for one that does", () => {
    const { source, mirror, link, edit, mirrored } = setUp("ab");
    const { engine } = link;
    link.engine = undefined;
    mirror.open(source);
    assert.ok(!mirror.isMirrored(source.uri, 1));
    source.textsAsked = 0;
    edit(insert(2, "c"));
    assert.equal(source.textsAsked, 0);
    edit(insert(3, `${"x".repeat(100_001)}`));
    assert.match(mirror.refusalOf(source.uri)!, /a line of 100004 characters/, "which is to be known all the same");
    edit({ offset: 3, deleted: 100_001, inserted: "" });
    assert.equal(mirror.refusalOf(source.uri), undefined);
    link.engine = engine;
    source.textsAsked = 0;
    mirror.resendAll();
    assert.equal(source.textsAsked, 1);
    assert.deepEqual(mirrored(), { version: 4, text: "abc" });
  });

  it("stays equal to the document through any edits", () => {
    const edits = fc.array(fc.record({ at: fc.nat(), deleted: fc.nat(5), inserted: fc.string({ maxLength: 4 }) }));
    fc.assert(
      fc.property(fc.string(), edits, (text, wanted) => {
        const { source, mirror, edit, mirrored, log } = setUp(text);
        mirror.open(source);
        for (const { at, deleted, inserted } of wanted) {
          const offset = at % (source.length + 1);
          edit({ offset, deleted: Math.min(deleted, source.length - offset), inserted });
        }
        assert.deepEqual(mirrored(), { version: source.version, text: source.getText() });
        assert.deepEqual(log.lines, []);
      }),
    );
  });

  it("starts afresh when it is out of step", () => {
    const { source, mirror, mirrored, log } = setUp("ab");
    mirror.open(source);
    source.edit([insert(0, "unheard ")]);
    mirror.change(source.uri, [insert(0, "of")]);
    assert.deepEqual(mirrored(), { version: 2, text: "unheard ab" });
    assert.match(log.lines[0]!, /out of step/);
  });

  it("leaves out what is too long, says and logs why, once, and takes it back when it is short again", () => {
    const { source, mirror, log, edit, mirrored } = setUp("ab");
    const sentence = "No completions in this file: it has 2.2 million characters, and the limit is 2.0.";
    mirror.open(source);
    edit(insert(0, "x\n".repeat(1_100_000)));
    assert.deepEqual([mirrored(), mirror.refusalOf(source.uri)], [undefined, sentence]);
    edit(insert(0, "x\n".repeat(100_000)));
    mirror.resendAll();
    edit({ offset: 0, deleted: 2_400_000, inserted: "" });
    assert.deepEqual([mirrored(), mirror.refusalOf(source.uri)], [{ version: 4, text: "ab" }, undefined]);
    assert.deepEqual(log.lines, [`info: a.ts: ${sentence}`, "info: a.ts: It gets completions again."]);
  });

  it("leaves out a document with one very long line", () => {
    const { source, mirror, link } = setUp(`a\n${"x".repeat(100_001)}\nb`);
    mirror.open(source);
    assert.match(mirror.refusalOf(source.uri)!, /a line of 100001 characters/);
    assert.deepEqual(link.engine!.received, []);
  });

  it("keeps the text of a file of secrets from the engine, and says why there are no completions", () => {
    const { source, mirror, link, edit } = setUp("TOKEN=1\n", "deploy/.env");
    mirror.open(source);
    edit(insert(0, "x"));
    mirror.resendAll();
    assert.deepEqual(link.engine!.receivedTypes(), []);
    assert.match(mirror.refusalOf(source.uri)!, /a key, credentials or another secret/);
    assert.ok(!mirror.isMirrored(source.uri, 2));
  });

  it("judges a file outside of the workspace by its folders, too, and never asks for a secret's text", () => {
    const { mirror, link } = setUp("");
    const uri = "file:///home/me/.kube/config";
    const getText = () => assert.fail("asked for the text");
    mirror.open({
      uri,
      version: 1,
      languageId: "yaml",
      path: "config",
      judgedPath: "/home/me/.kube/config",
      length: 9,
      getText,
    });
    assert.deepEqual(link.engine!.receivedTypes(), []);
    assert.match(mirror.refusalOf(uri)!, /a key, credentials or another secret/);
  });

  it("does not put the text of a huge document together to see that it is huge", () => {
    const { mirror } = setUp("");
    const huge: MirrorSource = {
      uri: "file:///huge.json",
      version: 1,
      languageId: "json",
      judgedPath: "huge.json",
      length: 50_000_000,
      getText: () => assert.fail("asked for the text"),
    };
    mirror.open(huge);
    mirror.change(huge.uri, [insert(0, "x")]);
    assert.match(mirror.refusalOf(huge.uri)!, /50\.0 million characters/);
  });
});
