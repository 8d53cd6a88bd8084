import assert from "node:assert/strict";
import { FollowedCompletion } from "../../../src/ghostText/followedCompletion";
import type { TextEdit } from "../../../src/protocol/engine";
import { applyEdit } from "../../../src/text/edit";

const URI = "file:///a.ts";

/**
 * Shows `foo[bar]`, makes edits, and draws what is shown then. Steps: text to type; `⌫` for backspace; `()` for a
 * bracket that the editor closes by itself; `»)` for typing over what it has closed; `|` for the cursor, where text is inserted
 * behind it, too.
 */
function check(shown: string, steps: readonly string[], expected: string): void {
  const [prefix, text, suffix] = shown.split(/[[\]]/) as [string, string, string];
  let document = prefix + suffix;
  let cursor = prefix.length;
  let version = 1;
  const completion = new FollowedCompletion({ uri: URI, version, offset: cursor });
  completion.finish(text.replaceAll("⏎", "\n"));
  let isFollowed = true;
  for (const step of steps) {
    const { edit, moved } = editFor(step, cursor);
    document = applyEdit(document, edit);
    cursor += moved;
    const following = completion.apply(++version, [edit]);
    isFollowed &&= following === "followed" || following === "opened";
  }
  const remainder = isFollowed ? completion.remainder({ uri: URI, version, offset: cursor }) : undefined;
  const tail = remainder?.replacedTail ?? 0;
  const ghost = remainder ? `[${remainder.text}]` : "";
  const drawn = document.slice(0, cursor) + ghost + document.slice(cursor + tail);
  assert.equal(drawn.replaceAll("\r\n", "⏎").replaceAll("\n", "⏎"), expected);
}

function editFor(step: string, cursor: number): { edit: TextEdit; moved: number } {
  if (step === "⌫") return { edit: { offset: cursor - 1, deleted: 1, inserted: "" }, moved: -1 };
  if (step.startsWith("»")) return { edit: { offset: cursor, deleted: 1, inserted: step.slice(1) }, moved: 1 };
  const [before, behind] = step.split("|");
  if (behind !== undefined) {
    return { edit: { offset: cursor, deleted: 0, inserted: `${before}${behind}` }, moved: before!.length };
  }
  const isPair = ["()", "[]", '""'].includes(step);
  return { edit: { offset: cursor, deleted: 0, inserted: step }, moved: isPair ? 1 : step.length };
}

describe("FollowedCompletion", () => {
  it("stays while nothing happens", () => check("foo[bar]", [], "foo[bar]"));
  it("is typed as suggested", () => check("foo[bar]", ["b"], "foob[ar]"));
  it("is typed in several goes", () => check("foo[bar]", ["b", "a"], "fooba[r]"));
  it("is accepted by the word", () => check("foo[bar baz]", ["bar"], "foobar[ baz]"));
  it("goes when something else is typed", () => check("foo[bar]", ["x"], "foox"));
  it("goes when it is used up", () => check("foo[bar]", ["bar"], "foobar"));
  it("goes when more is typed than it says", () => check("foo[bar]", ["barn"], "foobarn"));
  it("comes back when what was typed of it is deleted", () => check("foo[bar]", ["b", "a", "⌫"], "foob[ar]"));
  it("goes when more than that is deleted", () => check("foo[bar]", ["⌫"], "fo"));
  it("goes when what stands behind it is deleted with what was typed of it", () => {
    const completion = whole("bar");
    completion.apply(2, [{ offset: 3, deleted: 0, inserted: "ba" }]);
    assert.equal(completion.apply(3, [{ offset: 4, deleted: 2, inserted: "" }]), "left");
  });
  it("follows a line end", () => check("{[⏎  return]", ["\n  "], "{⏎  [return]"));
  it("follows a line end of two characters", () => check("{[⏎  return]", ["\r\n  "], "{⏎  [return]"));
  it("does not follow a deleted line end", () => check("{[⏎return]", ["\n", "⌫"], "{"));
  it("follows Enter between brackets, and leaves the break before the closing one to the editor", () => {
    check("{[⏎  a;⏎]}", ["\n  |\n"], "{⏎  [a;]⏎}");
    check("{[⏎  a;⏎]}", ["\r\n  |\r\n"], "{⏎  [a;]⏎}");
    check("  f({[⏎    a,⏎  ]})", ["\n    |\n  ", "a"], "  f({⏎    a[,]⏎  })");
    check("{[⏎    a;⏎    b;⏎]}", ["\n  |\n"], "{⏎  [  a;⏎    b;]⏎}");
    check("{[⏎  a;]}", ["\n  |\n"], "{⏎  [a;]⏎}");
    check("{[⏎  abc;⏎]}", ["\n    |\n"], "{⏎    ⏎}");
    check("{[a]}", ["\n  |\n"], "{⏎  ⏎}");
    check("f[([a],⏎  b)]".replace("[a]", "⟦a⟧"), ["()", "\n  |\n"], "f(⏎  ⏎)");
  });

  it("is used up behind Enter between brackets when its last line is typed, and tells what has changed behind it", () => {
    const completion = whole("\n  a;\n");
    assert.equal(completion.apply(2, [{ offset: 3, deleted: 0, inserted: "\n  \n" }]), "opened");
    assert.equal(completion.apply(3, [{ offset: 6, deleted: 0, inserted: "a" }]), "followed");
    assert.equal(completion.apply(4, [{ offset: 7, deleted: 0, inserted: ";" }]), "used");
  });

  it("is not opened by the blank line that it begins with, when that is accepted alone", () => {
    check("f();[⏎⏎  g();]", ["\n\n  "], "f();⏎⏎  [g();]");
  });

  it("keeps the text after the cursor out of it", () => check("foo([a, b])", ["a"], "foo(a[, b])"));

  it("takes in a bracket that the editor closes", () => check("foo[(a, b);]", ["()"], "foo([a, b);]"));
  it("follows typing inside of it", () => check("foo[(a, b);]", ["()", "a"], "foo(a[, b);]"));
  it("comes back when what was typed inside of it is deleted", () => {
    check("foo[(a, b);]", ["()", "a", "⌫"], "foo([a, b);]");
  });
  it("follows typing over the closed bracket", () => check("foo[();]!", ["()", "»)"], "foo()[;]!"));
  it("goes when the closed bracket is typed over too early", () => check("foo[(a);]", ["()", "»)"], "foo()"));
  it("takes in brackets in brackets", () => check("f[([1]);]".replace("[1]", "⟦1⟧"), ["()"], "f([⟦1⟧);]"));
  it("goes when the completion does not close the bracket on the line", () => {
    check("f[(a,⏎b)]", ["()"], "f()");
    assert.equal(whole("(a,\nb)").apply(2, [{ offset: 3, deleted: 0, inserted: "()" }]), "left");
  });

  for (const [what, edit] of [
    ["is replaced by something else", { offset: 4, deleted: 1, inserted: "x" }],
    ["is replaced together with what stands behind it", { offset: 4, deleted: 2, inserted: ")" }],
    ["is replaced from before the cursor on", { offset: 3, deleted: 2, inserted: ")" }],
    ["gets behind it what the completion has there", { offset: 5, deleted: 0, inserted: ")" }],
  ] as const) {
    it(`goes when the bracket that the editor has closed ${what}`, () => {
      const completion = whole("();");
      completion.apply(2, [{ offset: 3, deleted: 0, inserted: "()" }]);
      assert.equal(completion.apply(3, [edit]), "left");
    });
  }

  it("is used up when the rest is accepted over closed brackets", () => {
    const completion = whole("(a);");
    assert.equal(completion.apply(2, [{ offset: 3, deleted: 0, inserted: "()" }]), "followed");
    assert.deepEqual(completion.remainder(at(2, 4)), { text: "a);", replacedTail: 1 });
    assert.equal(completion.apply(3, [{ offset: 4, deleted: 1, inserted: "a);" }]), "used");
  });

  it("is not used up while a bracket that the editor closed stands behind it, as when its own was typed before that", () => {
    const completion = whole("(a)");
    completion.apply(2, [{ offset: 3, deleted: 0, inserted: "()" }]);
    assert.equal(completion.apply(3, [{ offset: 4, deleted: 0, inserted: "a)" }]), "followed");
    assert.equal(completion.remainder(at(3, 6)), undefined);
    assert.equal(completion.cursorAt(at(3, 6)), "followed");
  });

  it("is used up when it is accepted from the beginning of its word, as VS Code replaces an item's range", () => {
    const edit = { offset: 0, deleted: 3, inserted: "foobar" };
    assert.equal(whole("bar", "foo").apply(2, [edit]), "used");
    assert.equal(whole("bar", "fox").apply(2, [edit]), "left");
    assert.equal(whole("bar", "foo").apply(2, [{ ...edit, inserted: "foo" }]), "followed");
    const typed = whole("(bar);", "f");
    assert.equal(typed.apply(2, [{ offset: 3, deleted: 0, inserted: "()" }]), "followed");
    assert.equal(typed.apply(3, [{ offset: 2, deleted: 3, inserted: "f(bar);" }]), "used");
  });

  it("is used up when it is accepted from an earlier line, which may end in \\r\\n", () => {
    for (const lineEnd of ["\n", "\r\n"]) {
      const completion = whole("bar;\nbaz;", "foo");
      completion.apply(2, [{ offset: 3, deleted: 0, inserted: `bar;${lineEnd}` }]);
      const before = `foobar;${lineEnd}`;
      const accepted = { offset: 0, deleted: before.length, inserted: `${before}baz;` };
      assert.equal(completion.apply(3, [accepted]), "used");
    }
  });

  it("is used up when all of it is a pair of brackets and the cursor is behind them, as after accepting", () => {
    const pair = [{ offset: 3, deleted: 0, inserted: "()" }];
    const accepted = whole("()");
    accepted.apply(2, pair);
    assert.equal(accepted.cursorAt({ ...at(2, 5), uri: "file:///b.ts" }), "followed");
    assert.equal(accepted.cursorAt(at(1, 5)), "followed");
    assert.equal(accepted.cursorAt(at(2, 5)), "used");
    const typed = whole("()");
    typed.apply(2, pair);
    assert.equal(typed.cursorAt(at(2, 4)), "followed");
    assert.deepEqual(typed.remainder(at(2, 4)), { text: ")", replacedTail: 1 });
    assert.equal(typed.apply(3, [{ offset: 4, deleted: 0, inserted: "a" }]), "left");
    const repeating = whole("()", "foo");
    assert.equal(repeating.apply(2, [{ offset: 0, deleted: 3, inserted: "foo()" }]), "used");
  });

  it("goes on behind a pair of brackets that it begins with", () => {
    const completion = whole("().then");
    completion.apply(2, [{ offset: 3, deleted: 0, inserted: "()" }]);
    assert.equal(completion.cursorAt(at(2, 5)), "followed");
    assert.deepEqual(completion.remainder(at(2, 5)), { text: ".then", replacedTail: 0 });
    const other = whole("(a)");
    other.apply(2, [{ offset: 3, deleted: 0, inserted: "()" }]);
    other.cursorAt(at(2, 5));
    assert.equal(other.remainder(at(2, 5)), undefined);
  });

  it("belongs to one document, version and place", () => {
    const completion = whole("bar");
    assert.equal(completion.remainder({ ...at(1, 3), uri: "file:///b.ts" }), undefined);
    assert.equal(completion.remainder(at(2, 3)), undefined);
    assert.equal(completion.remainder(at(1, 2)), undefined);
    assert.deepEqual(completion.remainder(at(1, 3)), { text: "bar", replacedTail: 0 });
  });

  describe("when several edits come together", () => {
    const insertion = (offset: number, inserted: string) => ({ offset, deleted: 0, inserted });

    it("follows the one at its place, as where other cursors type the same", () => {
      const completion = whole("bar");
      const edits = [insertion(9, "b"), insertion(3, "b"), insertion(0, "b")];
      assert.equal(completion.apply(2, edits), "followed");
      assert.deepEqual(completion.remainder(at(2, 5)), { text: "ar", replacedTail: 0 });
      assert.equal(completion.apply(3, [insertion(12, "ar"), insertion(5, "ar"), insertion(1, "ar")]), "used");
    });

    it("follows those that type it one after the other", () => {
      const completion = whole("bar");
      assert.equal(completion.apply(2, [insertion(3, "b"), insertion(4, "a")]), "followed");
      assert.deepEqual(completion.remainder(at(2, 5)), { text: "r", replacedTail: 0 });
    });

    it("knows a pair of brackets as accepted also there", () => {
      const completion = whole("()");
      assert.equal(completion.apply(2, [insertion(3, "()"), insertion(0, "()")]), "followed");
      assert.equal(completion.cursorAt(at(2, 7)), "used");
    });

    it("follows Enter on a line of blanks, which the editor removes", () => {
      const completion = whole("\n  bar");
      assert.equal(completion.apply(2, [insertion(3, "\n  "), { offset: 1, deleted: 2, inserted: "" }]), "followed");
      assert.deepEqual(completion.remainder(at(2, 4)), { text: "bar", replacedTail: 0 });
    });

    it("goes when one of them is otherwise, or touches what is to be replaced", () => {
      assert.equal(whole("bar").apply(2, [insertion(3, "x"), insertion(0, "b")]), "left");
      assert.equal(whole("bar").apply(2, [insertion(3, "b"), { offset: 2, deleted: 2, inserted: "" }]), "left");
      const closed = whole("(bar)");
      assert.equal(closed.apply(2, [insertion(3, "()")]), "followed");
      assert.equal(closed.apply(3, [{ offset: 4, deleted: 2, inserted: "" }, insertion(4, "b")]), "left");
    });

    it("goes when none is at its place", () => {
      assert.equal(whole("bar").apply(2, [insertion(2, "b"), insertion(0, "b")]), "left");
      assert.equal(whole("bar").apply(2, [insertion(0, "b")]), "left");
    });
  });
});

describe("FollowedCompletion, while it is being written", () => {
  const typed = (offset: number, inserted: string) => [{ offset, deleted: 0, inserted }];

  it("knows as much as is written, less what is typed", () => {
    const completion = new FollowedCompletion(at(1, 3));
    assert.equal(completion.remainder(at(1, 3)), undefined);
    assert.ok(completion.write("ba"));
    completion.apply(2, typed(3, "b"));
    assert.deepEqual(completion.remainder(at(2, 4)), { text: "a", replacedTail: 0 });
  });

  it("lets the user be ahead, as long as both agree", () => {
    const completion = new FollowedCompletion(at(1, 3));
    assert.equal(completion.apply(2, typed(3, "bar")), "followed");
    assert.equal(completion.remainder(at(2, 6)), undefined);
    assert.ok(completion.write("ba"));
    assert.ok(completion.write("rn"));
    assert.equal(completion.remainder(at(2, 6))?.text, "n");
    assert.equal(completion.apply(3, typed(6, "x")), "left");
  });

  it("says when what is written is not what was typed", () => {
    const completion = new FollowedCompletion(at(1, 3));
    completion.apply(2, typed(3, "bar"));
    assert.equal(completion.write("bat"), false);
  });

  it("says when less is left in the end than was typed", () => {
    const completion = new FollowedCompletion(at(1, 3));
    completion.write("bar  # and");
    completion.apply(2, typed(3, "bar"));
    assert.equal(completion.finish("bar"), false);
    assert.ok(completion.finish("bar()"));
  });

  it("leaves out the last break where Enter between brackets has made one, however little was written by then", () => {
    for (const written of ["", "\n", "\n  a", "\n  a;\n"]) {
      const completion = new FollowedCompletion(at(1, 3));
      completion.write(written);
      assert.equal(completion.apply(2, typed(3, "\n  \n")), "opened", written);
      assert.ok(completion.finish("\n  a;\n"));
      assert.deepEqual(completion.remainder(at(2, 6)), { text: "a;", replacedTail: 0 });
    }
  });

  it("goes when Enter puts the bracket that the editor has closed on another line", () => {
    const completion = new FollowedCompletion(at(1, 3));
    completion.write("(");
    assert.equal(completion.apply(2, typed(3, "()")), "followed");
    completion.apply(3, typed(4, "\n  \n"));
    assert.equal(completion.write("\n  a)"), false);
  });

  it("says when behind Enter between brackets nothing is left but the last break", () => {
    const completion = new FollowedCompletion(at(1, 3));
    completion.apply(2, typed(3, "\n  \n"));
    completion.apply(3, typed(6, "a;"));
    assert.equal(completion.finish("\n  a;\n"), false);
  });

  it("offers nothing when in the end it does not close what the editor closed", () => {
    const completion = new FollowedCompletion(at(1, 3));
    completion.write("(a");
    assert.equal(completion.apply(2, typed(3, "()")), "followed");
    assert.equal(completion.remainder(at(2, 4))?.text, "a");
    completion.finish("(a,\n  b)");
    assert.equal(completion.remainder(at(2, 4)), undefined);
  });
});

const at = (version: number, offset: number) => ({ uri: URI, version, offset });

/** After `foo`. */
function whole(text: string, before = ""): FollowedCompletion {
  const completion = new FollowedCompletion(at(1, 3), before);
  completion.finish(text);
  return completion;
}
