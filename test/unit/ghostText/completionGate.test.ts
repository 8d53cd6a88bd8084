import assert from "node:assert/strict";
import { askGate, type GateQuestion } from "../../../src/ghostText/completionGate";

/** `|` is the cursor. Answers `line`, `block` or why not. */
function ask(line: string, changes: Partial<GateQuestion> = {}): string {
  const [lineBefore, lineAfter] = line.split("|") as [string, string];
  const normal = { trigger: "automatic", mode: "automatic", isEnabled: true, hasSelection: false } as const;
  const answer = askGate({ ...normal, lineBefore, lineAfter, ...changes });
  if (answer.type === "skip") return answer.reason;
  return answer.extent.multiline ? "block" : "line";
}

describe("completion gate", () => {
  it("asks for a line where one is being written", () => {
    for (const line of ["const x = |", "foo(|)", 'print("|")', "if (a && |) {", "x = [a, |];", "items = [|]", "foo|"]) {
      assert.equal(ask(line), "line", line);
    }
  });

  it("asks for a line between tags that the editor has closed, also on request", () => {
    for (const line of [
      "<li>|</li>",
      "<a.b:c-d>|</a.b:c-d>  ",
      "<>|</>",
      "{xs.map((x) => <b>|</b>)}</p>",
      "<p>{|}</p>",
    ]) {
      assert.equal(ask(line), "line", line);
      assert.equal(ask(line, { trigger: "invoke" }), "line", line);
    }
    assert.equal(ask("<li>|text</li>"), "the cursor is inside a word");
    assert.equal(ask("<li>|<b></b></li>"), "text follows the cursor");
  });

  it("asks for a line before what closes a comment, a tag or a template, and before an arrow, also on request", () => {
    for (const line of [
      "<Foo bar={|} />",
      "<br |/>",
      "/** | */",
      "<!-- | -->",
      "<%= | %>",
      "<?php |?>",
      "{% | %}",
      "{%- | -%}",
      "rows.map((|) => {",
      "rows.map((|) =>",
      "match x { Some(|) => ",
    ]) {
      assert.equal(ask(line), "line", line);
      assert.equal(ask(line, { trigger: "invoke" }), "line", line);
    }
    assert.equal(ask("x = | / y"), "text follows the cursor");
    assert.equal(ask("x = | - 1"), "text follows the cursor");
    assert.equal(ask("x = | % y"), "text follows the cursor");
    assert.equal(ask("x = | * y"), "text follows the cursor");
    assert.equal(ask("x = | = y"), "text follows the cursor");
  });

  it("asks for a block where one begins", () => {
    for (const line of ["|", "    |", "function f() {|", "def f():|", "x => |", "foo({|})", "if x then|"]) {
      assert.equal(ask(line), "block", line);
    }
  });

  it("asks for a block behind a head whose body stands on the next line", () => {
    const heads = [
      "  def add(item)",
      "def total",
      "class User < Person",
      "local function add(a, b)",
      "sort(xs, function(a, b)",
      "    public int Add(int a, int b)",
      "int main(void)",
      "static void *find(struct list *all)",
      "List<int> Foo::bar()",
      "if (x > high(y))",
      "} else if (x)",
      "foreach (int v in values)",
      "lock (mutex)",
      "export default class A",
      "fun sum(values: List<Int>): Int",
      "async def f(a, b=1)",
    ];
    for (const lineBefore of heads) {
      assert.equal(ask("|", { lineBefore }), "block", lineBefore);
      assert.equal(ask("|", { lineBefore, lineAfter: ")" }), "line", lineBefore);
    }
  });

  it("asks for a block behind the mark of a docstring or of a comment above code, and for a line in one", () => {
    for (const mark of ['    """', "    r'''", "  /**", '"""']) {
      assert.equal(ask(`${mark}|`), "block", mark);
      assert.equal(ask(`${mark}Adds|`), "line", mark);
    }
    assert.equal(ask('    """|"""'), "block");
    assert.equal(ask('const text = """|'), "line");
  });

  it("asks for a block behind a block's parameters", () => {
    for (const lineBefore of ["rows.each do |row|", "users.map { user in", "sort { (a, b) in "]) {
      assert.equal(ask("|", { lineBefore }), "block", lineBefore);
    }
  });

  it("asks for a line behind what only looks like such a head", () => {
    const lines = [
      "foo(x)",
      "print(x)",
      "return foo(int x)",
      "await foo()",
      "x = f(y)",
      "new Foo()",
      "assert f(x in y)",
      "if (x) return foo(y)",
      "} while (x)",
      "lock(mutex)",
      "raise Error(a b)",
      "puts total",
      "module.exports",
      "ok = {x for x in",
      "{ for (const x in",
      "for x in",
      "x.function(a)",
      "def stop; end",
      "def f(x): ...",
      "const f = foo(a, b)",
      "see foo(a, b)",
      'log f("a b")',
      "// class A",
      " * Gives foo(a b)",
      "fun f(x: Int) = g(x)",
    ];
    for (const line of lines) assert.equal(ask(`${line}|`), "line", line);
  });

  it("does not ask inside a word or before other text", () => {
    assert.equal(ask("fo|o"), "the cursor is inside a word");
    assert.equal(ask("x|é"), "the cursor is inside a word");
    assert.equal(ask("x = | + 1"), "text follows the cursor");
    assert.equal(ask("| // note"), "text follows the cursor");
  });

  it("takes blanks at the line's end for nothing, and does not look at many for long", () => {
    assert.equal(ask("foo(|) {  \t"), "line");
    assert.equal(ask(`x|${" ".repeat(300_000)}y`), "text follows the cursor");
    for (const piece of ["a ", "(", "()", "{", "{ in ", "do |", "function (", "class ", " "]) {
      assert.equal(ask("|", { lineBefore: `def x ${piece.repeat(100_000)}=` }), "line", piece);
    }
  });

  it("does ask there when the user wants it, for one line", () => {
    assert.equal(ask("fo|o", { trigger: "invoke" }), "line");
    assert.equal(ask("x = | + 1", { trigger: "invoke" }), "line");
    assert.equal(ask("const x = |", { trigger: "invoke" }), "block");
  });

  it("asks only by request in manual mode", () => {
    assert.equal(ask("const x = |", { mode: "manual" }), "completions are given only when asked for");
    assert.equal(ask("const x = |", { mode: "manual", trigger: "invoke" }), "block");
  });

  it("never asks where completions are off, or over a selection", () => {
    assert.equal(ask("|", { isEnabled: false, trigger: "invoke" }), "completions are off for this document");
    assert.equal(ask("|", { hasSelection: true, trigger: "invoke" }), "text is selected");
  });
});
