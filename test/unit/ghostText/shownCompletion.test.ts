import assert from "node:assert/strict";
import { ShownCompletion } from "../../../src/ghostText/shownCompletion";
import type { TextEdit } from "../../../src/protocol/engine";
import { applyEdit } from "../../../src/text/edit";

const URI = "file:///a.ts";

/**
 * Shows `foo[bar]`, makes edits, and draws what is shown then. Steps: text to type; `⌫` for backspace; `()` for a
 * bracket that the editor closes by itself; `»)` for typing over what it has closed.
 */
function check(shown: string, steps: readonly string[], expected: string): void {
  const [prefix, text, suffix] = shown.split(/[[\]]/) as [string, string, string];
  let document = prefix + suffix;
  let cursor = prefix.length;
  let version = 1;
  const completion = new ShownCompletion();
  completion.show(URI, version, cursor, text.replaceAll("⏎", "\n"));
  for (const step of steps) {
    const { edit, moved } = editFor(step, cursor);
    document = applyEdit(document, edit);
    cursor += moved;
    completion.applyEdits(URI, ++version, [edit]);
  }
  const remainder = completion.remainder(URI, version, cursor);
  const tail = remainder?.replacedTail ?? 0;
  const ghost = remainder ? `[${remainder.text}]` : "";
  const drawn = document.slice(0, cursor) + ghost + document.slice(cursor + tail);
  assert.equal(drawn.replaceAll("\r\n", "⏎").replaceAll("\n", "⏎"), expected);
}

function editFor(step: string, cursor: number): { edit: TextEdit; moved: number } {
  if (step === "⌫") return { edit: { offset: cursor - 1, deleted: 1, inserted: "" }, moved: -1 };
  if (step.startsWith("»")) return { edit: { offset: cursor, deleted: 1, inserted: step.slice(1) }, moved: 1 };
  const isPair = ["()", "[]", '""'].includes(step);
  return { edit: { offset: cursor, deleted: 0, inserted: step }, moved: isPair ? 1 : step.length };
}

describe("ShownCompletion", () => {
  it("stays while nothing happens", () => check("foo[bar]", [], "foo[bar]"));
  it("is typed as suggested", () => check("foo[bar]", ["b"], "foob[ar]"));
  it("is typed in several goes", () => check("foo[bar]", ["b", "a"], "fooba[r]"));
  it("is accepted by the word", () => check("foo[bar baz]", ["bar"], "foobar[ baz]"));
  it("goes when something else is typed", () => check("foo[bar]", ["x"], "foox"));
  it("goes when it is used up", () => check("foo[bar]", ["bar"], "foobar"));
  it("goes when more is typed than it says", () => check("foo[bar]", ["barn"], "foobarn"));
  it("comes back when what was typed of it is deleted", () => check("foo[bar]", ["b", "a", "⌫"], "foob[ar]"));
  it("goes when more than that is deleted", () => check("foo[bar]", ["⌫"], "fo"));
  it("follows a line end", () => check("{[⏎  return]", ["\n  "], "{⏎  [return]"));
  it("follows a line end of two characters", () => check("{[⏎  return]", ["\r\n  "], "{⏎  [return]"));
  it("does not follow a deleted line end", () => check("{[⏎return]", ["\n", "⌫"], "{"));
  it("keeps the text after the cursor out of it", () => check("foo([a, b])", ["a"], "foo(a[, b])"));

  it("takes in a bracket that the editor closes", () => check("foo[(a, b);]", ["()"], "foo([a, b);]"));
  it("follows typing inside of it", () => check("foo[(a, b);]", ["()", "a"], "foo(a[, b);]"));
  it("follows typing over the closed bracket", () => check("foo[();]!", ["()", "»)"], "foo()[;]!"));
  it("takes in brackets in brackets", () => check("f[([1]);]".replace("[1]", "⟦1⟧"), ["()"], "f([⟦1⟧);]"));
  it("goes when the completion does not close the bracket on the line", () => check("f[(a,⏎b)]", ["()"], "f()"));

  it("belongs to one document, version and place", () => {
    const completion = new ShownCompletion();
    completion.show(URI, 1, 3, "bar");
    assert.equal(completion.remainder("file:///b.ts", 1, 3), undefined);
    assert.equal(completion.remainder(URI, 2, 3), undefined);
    assert.equal(completion.remainder(URI, 1, 2), undefined);
    completion.applyEdits("file:///b.ts", 2, [{ offset: 0, deleted: 0, inserted: "x" }]);
    assert.deepEqual(completion.remainder(URI, 1, 3), { text: "bar", replacedTail: 0 });
  });

  it("goes when several cursors type", () => {
    const completion = new ShownCompletion();
    completion.show(URI, 1, 3, "bar");
    completion.applyEdits(URI, 2, [
      { offset: 3, deleted: 0, inserted: "b" },
      { offset: 0, deleted: 0, inserted: "b" },
    ]);
    for (const offset of [3, 4, 5]) assert.equal(completion.remainder(URI, 2, offset), undefined);
  });
});
