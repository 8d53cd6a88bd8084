import assert from "node:assert/strict";
import { mentionAt, withFileMark, withoutMention } from "../../../src/webview/mention";

/** `|` is the cursor; the mention is written as kind and what was typed. */
function check(textWithCursor: string, expected: string | undefined): void {
  const mention = mentionAt(textWithCursor.replace("|", ""), textWithCursor.indexOf("|"));
  assert.equal(mention && `${mention.kind} ${mention.query}`, expected, textWithCursor);
}

describe("mentions", () => {
  it("of files begin with @ and end at the cursor", () => {
    check("@|", "file ");
    check("what is @sha|", "file sha");
    check("what is @src/sha|pes", "file src/sha");
    check("what is @sha |", undefined);
  });

  it("of the selection begin with #, as far as it is that word", () => {
    check("explain #|", "selection ");
    check("explain #Sel|", "selection Sel");
    check("see issue #12|", undefined);
  });

  it("are none inside of words", () => {
    check("me@example|", undefined);
    check("C#|", undefined);
  });

  it("begin where they can when somebody asks for a file", () => {
    for (const [before, after] of [
      ["|", "@|"],
      ["what is |", "what is @|"],
      ["what is|", "what is @|"],
      ["a\n| and b", "a\n@| and b"],
      ["what is @|", "what is @|"],
      ["what is @sh| and b", "what is @sh| and b"],
    ] as const) {
      const { text, cursor } = withFileMark(before.replace("|", ""), before.indexOf("|"));
      assert.equal(`${text.slice(0, cursor)}|${text.slice(cursor)}`, after);
      assert.equal(mentionAt(text, cursor)?.kind, "file");
    }
  });

  it("are taken out when something is picked", () => {
    const text = "what is @sha in it";
    assert.deepEqual(withoutMention(text, mentionAt(text, 12)!), { text: "what is  in it", cursor: 8 });
  });
});
