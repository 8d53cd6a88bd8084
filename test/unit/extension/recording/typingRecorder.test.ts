import assert from "node:assert/strict";
import { refuseRecording, TypingRecorder } from "../../../../src/extension/recording/typingRecorder";
import { parseRecording } from "../../../../src/text/recording";

const HEADER = { file: "src/a.ts", languageId: "typescript", text: "let a\n" };
const KEY = `-----BEGIN RSA ${"PRIVATE"} KEY-----\n${"MIIEpAIBAAKCAQEA".repeat(20)}\n-----END RSA ${"PRIVATE"} KEY-----\n`;

const insert = (offset: number, inserted: string) => [{ offset, deleted: 0, inserted }];

describe("TypingRecorder", () => {
  it("writes what was typed, as griffin replay reads it", () => {
    const recorder = new TypingRecorder(HEADER, 5, 1000);
    recorder.edited(1100, insert(5, "b"));
    recorder.cursorMoved(1101, 6);
    recorder.edited(1200, insert(6, "()"));
    recorder.cursorMoved(1202, 7);
    recorder.cursorMoved(2000, 0);
    assert.deepEqual(parseRecording(recorder.toString()), {
      header: HEADER,
      events: [
        { tMs: 0, edits: [], cursor: 5 },
        { tMs: 100, edits: insert(5, "b"), cursor: 6 },
        { tMs: 200, edits: insert(6, "()"), cursor: 7 },
        { tMs: 1000, edits: [], cursor: 0 },
      ],
    });
    assert.equal(recorder.keystrokes, 2);
    assert.equal(recorder.refusal, undefined);
  });

  it("is thrown away when a secret was pasted, also when it was deleted again", () => {
    const recorder = new TypingRecorder(HEADER, 0, 0);
    recorder.edited(1, insert(0, KEY));
    recorder.edited(2, [{ offset: 0, deleted: KEY.length, inserted: "" }]);
    assert.match(recorder.refusal!, /private key/);
  });

  it("is thrown away when a secret was typed key by key, also when it was deleted again", () => {
    const recorder = new TypingRecorder(HEADER, 0, 0);
    for (const [index, key] of [...KEY].entries()) recorder.edited(index, insert(index, key));
    for (let end = KEY.length; end > 0; end--) {
      recorder.edited(2 * KEY.length, [{ offset: end - 1, deleted: 1, inserted: "" }]);
    }
    assert.match(recorder.refusal!, /private key/);
  });

  it("is thrown away when a secret was typed key by key and then taken apart", () => {
    const token = `${"glpat"}-Zk3vQ8sTn1LwXy7BdRp4`;
    for (const [what, edit] of Object.entries({
      "by a line break": insert(14, '" +\n  "'),
      "by what comes before it": insert(4, "x"),
      "in a text that has several edits": [
        { offset: 40, deleted: 0, inserted: "x" },
        { offset: 14, deleted: 1, inserted: "" },
        { offset: 1, deleted: 1, inserted: "" },
      ],
    })) {
      const recorder = new TypingRecorder({ ...HEADER, text: `a = \n${"let a\n".repeat(10)}` }, 4, 0);
      for (const [index, key] of [...token].entries()) recorder.edited(index, insert(4 + index, key));
      recorder.edited(100, edit);
      assert.match(recorder.refusal ?? "none", /access token/, what);
    }
  });

  it("is kept when it has a placeholder, although its beginning might have been a token", () => {
    const recorder = new TypingRecorder({ ...HEADER, text: '""\n' }, 1, 0);
    for (const [index, key] of [..."glpat-your-token-goes-here-as-in-this-example"].entries()) {
      recorder.edited(index, insert(1 + index, key));
    }
    assert.equal(recorder.refusal, undefined);
  });

  it("takes in thousands of replacements at once", () => {
    const lines = 20_000;
    const recorder = new TypingRecorder({ ...HEADER, text: "let a = ghp_x;\n".repeat(lines) }, 0, 0);
    const edits = Array.from({ length: lines }, (_, line) => ({ offset: 15 * line, deleted: 3, inserted: "const" }));
    const began = performance.now();
    recorder.edited(1, edits.reverse());
    assert.ok(performance.now() - began < 3000, `${performance.now() - began} ms`);
    assert.equal(recorder.refusal, undefined);
  });

  it("refuses files that the model may not read", () => {
    assert.match(refuseRecording(".env", "")!, /its name/);
    assert.match(refuseRecording("src/a.ts", KEY)!, /private key/);
    assert.equal(refuseRecording("src/a.ts", "let a"), undefined);
  });
});
