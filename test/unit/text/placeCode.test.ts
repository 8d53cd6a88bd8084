import assert from "node:assert/strict";
import { definedLines } from "../../../src/engine/snippets/definedLines";
import { Outliner } from "../../../src/engine/snippets/outline";
import { applyEdit } from "../../../src/text/edit";
import { type DefinedLines, placeCode } from "../../../src/text/placeCode";

/** `|` is the cursor, `«` and `»` are around the selection; the result is the text with the code in it. */
function check(
  document: string,
  code: string,
  expected: string,
  place: string,
  known: readonly DefinedLines[] = [],
): void {
  const { text, places } = placesFor(document, code, known);
  assert.equal(places.length, 1);
  assert.equal(applyEdit(text, places[0].edit), expected);
  assert.equal(places[0].place, place);
}

function placesFor(document: string, code: string, known: readonly DefinedLines[] = []) {
  const start = document.search(/[|«]/);
  const end = document.includes("»") ? document.indexOf("»") - 1 : start;
  const text = document.replace(/[|«»]/g, "");
  return { text, places: placeCode({ text, start, end }, code, known) };
}

describe("code of a chat", () => {
  it("takes the place of the selection, as whole lines", () => {
    check("a\n«b\nc»\nd\n", "x\ny\n", "a\nx\ny\nd\n", "selection");
    check("a\nb«b\n»c\n", "x", "a\nx\nc\n", "selection");
  });

  it("is indented as the selection was", () => {
    check("if a:\n    «b = 1»\n", "if b:\n    c\n", "if a:\n    if b:\n        c\n", "selection");
  });

  it("takes the place of the definition of the same name", () => {
    check(
      "|import x\n\ndef add(a, b):\n    return a\n\n\ndef sub(a, b):\n    return b\n",
      "def add(a, b):\n    return a + b",
      "import x\n\ndef add(a, b):\n    return a + b\n\n\ndef sub(a, b):\n    return b\n",
      "definition",
    );
    check(
      "export function f(\n  a: number,\n) {\n  return 1;\n}\n\n|const y = 2;\n",
      "function f() {\n  return 2;\n}",
      "function f() {\n  return 2;\n}\n\nconst y = 2;\n",
      "definition",
    );
    check(
      "func (b *Bucket) Put(k int) {\n\tx()\n}\n|",
      "func (b *Bucket) Put(k int) {\n\ty()\n}",
      "func (b *Bucket) Put(k int) {\n\ty()\n}\n",
      "definition",
    );
  });

  it("takes the place of all of the definition, however its block begins and ends", () => {
    const same = (document: string, code: string) =>
      check(`${document}\nrest\n|`, code, `${code}\nrest\n`, "definition");
    same("def area(\n    a: int,\n) -> int:\n    return a", "def area(a):\n    return 2 * a");
    same("function f()\n{\n    return 1;\n}", "function f()\n{\n    return 2;\n}");
    same("function f(\n    $a\n)\n{\n    return 1;\n}", "function f()\n{\n    return 2;\n}");
    same("public class A\n{\n    int x;\n}", "public class A\n{\n}");
    same("fn f<T>(t: T) -> T\nwhere\n    T: Copy,\n{\n    t\n}", "fn f() {\n    g();\n}");
    same("def f\n  1\nend", "def f\n  2\nend");
  });

  it("takes the place of decorators and comments above it when it brings its own", () => {
    check("# old\n@cache\ndef f():\n    1\n|", "@cache\ndef f():\n    2", "@cache\ndef f():\n    2\n", "definition");
    check("# old\n@cache\ndef f():\n    1\n|", "def f():\n    2", "# old\n@cache\ndef f():\n    2\n", "definition");
    check(
      "x\n/** old\n * f */\nfunction f() {}\n|",
      "/** new */\nfunction f() {}",
      "x\n/** new */\nfunction f() {}\n",
      "definition",
    );
  });

  it("is indented as the definition was", () => {
    check(
      "class A:\n    def f(self):\n        return 1\n\n    def g(self):\n        return 2\n|",
      "def f(self):\n    return 3",
      "class A:\n    def f(self):\n        return 3\n\n    def g(self):\n        return 2\n",
      "definition",
    );
  });

  it("tells a class from a function of the same name", () => {
    check(
      "class f:\n    1\n\ndef f():\n    2\n|",
      "def f():\n    3",
      "class f:\n    1\n\ndef f():\n    3\n",
      "definition",
    );
  });

  it("has no blanks on its blank lines", () => {
    check("    |\n", "a\n\nb", "    a\n\n    b\n", "cursor");
  });

  it("goes to the cursor where no definition is meant, or it has more than one", () => {
    check("a\n|\nb\n", "x\ny", "a\nx\ny\nb\n", "cursor");
    check("a|\nb\n", "x", "a\nx\nb\n", "cursor");
    check("def f():\n  1\n|", "def f():\n  3\ndef g():\n  4", "def f():\n  1\ndef f():\n  3\ndef g():\n  4", "cursor");
  });

  it("may be meant for each definition of its name, or for the cursor", () => {
    const { text, places } = placesFor(
      "import a\n|\nclass A:\n    x = 1\n\n    async def f(self):\n        1\n\nclass B:\n    async def f(self):\n        2\n",
      "    async def f(self):\n        3",
    );
    assert.deepEqual(
      places.map(({ place, line, text, within }) => ({ place, line, text, within })),
      [
        { place: "definition", line: 6, text: "async def f(self):", within: "A" },
        { place: "definition", line: 10, text: "async def f(self):", within: "B" },
        { place: "cursor", line: 2, text: "", within: undefined },
      ],
    );
    const head = "import a\n\nclass A:\n    x = 1\n\n    async def f(self):\n";
    assert.deepEqual(
      places.map(({ edit }) => applyEdit(text, edit)),
      [
        `${head}        3\n\nclass B:\n    async def f(self):\n        2\n`,
        `${head}        1\n\nclass B:\n    async def f(self):\n        3\n`,
        text.replace("\n\nclass A", "\nasync def f(self):\n    3\nclass A"),
      ],
    );
  });

  it("has the document's line ends", () => {
    check("a\r\n|b\r\nc\r\n", "x\ny", "a\r\nb\r\nx\r\ny\r\nc\r\n", "cursor");
    check("def f():\r\n  1\r\nx|\r\n", "def f():\n  2\n", "def f():\r\n  2\r\nx\r\n", "definition");
  });
});

describe("code of a chat, where a grammar knows the definitions", () => {
  const outliner = new Outliner();
  for (const [what, path, definition, code] of [
    ["sections of a class", "a.cpp", "class A {\npublic:\n  int x;\nprivate:\n  int y;\n};", "class A {\n  int z;\n};"],
    ["conditions of the preprocessor", "a.c", "struct a {\n#ifdef X\n  int x;\n#endif\n  int y;\n};", "struct a {\n};"],
    ["rescue and ensure", "a.rb", "def f\n  1\nrescue A\n  2\nensure\n  3\nend", "def f\n  4\nend"],
    ["a template's lines", "a.js", "function f() {\n  return `\nleft\n}\n`;\n}", "function f() {\n  return 1;\n}"],
    ["a docstring's lines", "a.py", 'def f():\n    """A\n\nleft\n    """\n    return 1', "def f():\n    return 2"],
    ["a body below a comment", "a.go", "func f() {\n// left\n\tx()\n}", "func f() {\n\ty()\n}"],
    [
      "a script without an ending, by its language",
      "bin/run",
      'def f():\n    """\nleft"""\n    return 1',
      "def f():\n    2",
    ],
  ] as const) {
    it(`takes the place of all of a definition with ${what}`, async () => {
      const document = `${definition}\n\nx = 1\n`;
      const known = await definedLines(outliner, path, "python", document);
      check(`${document}|`, code, `${code}\n\nx = 1\n`, "definition", known);
    });
  }

  it("goes by the indentation in a language without a grammar", async () => {
    const document = "fun f() {\n  1\n}\nrest\n";
    assert.deepEqual(await definedLines(outliner, "a.unheard", "unheard", document), []);
  });
});
