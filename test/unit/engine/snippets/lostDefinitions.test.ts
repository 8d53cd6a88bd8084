// What is known of a text while something in it is half written, from what was known before: each case is a text with an edit, and
// what is defined in it after that.

import assert from "node:assert/strict";
import { languageOf } from "../../../../src/engine/snippets/languages";
import { withLostDefinitions } from "../../../../src/engine/snippets/lostDefinitions";
import { type Definition, Outliner } from "../../../../src/engine/snippets/outline";

interface Case {
  readonly path: string;
  /** With edits as `‹deleted›inserted›`. */
  readonly text: string;
  /** Lines from 1, and the name with those around it. */
  readonly defined: readonly string[];
}

const CASES: Readonly<Record<string, Case>> = {
  "a class around a bracket that is open": {
    path: "a.ts",
    text: "class Store {\n  flush() {\n    go();\n  }\n  run() {\n‹›    foo(bar[\n›    go();\n  }\n}\n",
    defined: ["1-9 Store", "2-4 Store.flush", "5-8 Store.run"],
  },
  "a class below a brace that is open, with its members": {
    path: "a.ts",
    text: "class Store {\n  run() {\n‹›    if (a) {\n›    go();\n  }\n}\nclass Below {\n  a = 1;\n}\n",
    defined: ["1-9 Store", "2-6 Store.run", "7-9 Below", "8-8 Below.a"],
  },
  "a class that would end early, and one that would be a variable": {
    path: "a.py",
    text: "class Store:\n    def run(self):\n‹›    call(x,\n›        go()\n\n    def flush(self):\n        go()\n\n    def end(self):\n        go()\n\n\nclass Below:\n    a = 1\n",
    defined: ["1-10 Store", "2-4 Store.run", "6-7 Store.flush", "9-10 Store.end", "13-14 Below", "14-14 Below.a"],
  },
  "what stands between several edits": {
    path: "a.ts",
    text: "‹›import b from 'b';\n›class Store {\n  flush() {\n    go();\n  }\n  run() {\n    go();\n‹›    foo(bar[\n›  }\n}\n",
    defined: ["2-10 Store", "3-5 Store.flush", "6-9 Store.run"],
  },
  "a class that was moved out of the one around it": {
    path: "a.ts",
    text: "‹›  export class Inner {\n    a = 1;\n  }\n›namespace Outer {\n‹  export class Inner {\n    a = 1;\n  }\n››  function run() {\n‹›    foo(bar[\n›  }\n}\n",
    defined: ["1-3 Inner", "2-2 Inner.a", "4-8 Outer", "5-7 Outer.run"],
  },
  "nothing that was deleted, and no class that has another name now": {
    path: "a.ts",
    text: "class ‹Store›Shop› {\n‹  flush() {\n    go();\n  }\n››  run() {\n‹›    foo(bar[\n›    go();\n  }\n}\n",
    defined: ["2-5 run"],
  },
  "no method that has another name now, or a longer one, below its annotation": {
    path: "A.java",
    text: "class Store {\n  @Override\n  void ‹flush›clear›() {\n    go();\n  }\n  @Test\n  void ‹run›runAll›() {\n    go();\n  }\n  void end() {\n‹›    foo(bar[\n›    go();\n  }\n}\n",
    defined: ["1-14 Store", "2-5 Store.clear", "6-9 Store.runAll", "10-13 Store.end"],
  },
  "a method that has got another annotation, and a parameter that is open": {
    path: "A.java",
    text: "class Store {\n  @Override\n‹›  @Deprecated\n›  void run(‹›int[ a, ›) {\n    go();\n  }\n}\n",
    defined: ["1-7 Store", "2-6 Store.run"],
  },
  "a type that has its name below its body": {
    path: "a.c",
    text: "‹›int b = foo({[\n›typedef struct {\n  int a;\n} store_t‹›, *store_p›;\nint run(void) {\n  go();\n}\n",
    defined: ["2-4 store_t", "3-3 store_t.a", "5-7 run"],
  },
};

describe("of a text that is broken while somebody types is known", () => {
  for (const [title, { path, text, defined }] of Object.entries(CASES)) {
    it(title, async () => {
      const outliner = new Outliner();
      const language = languageOf(path)!;
      await outliner.prepare(language);
      const [before, after] = ["$1", "$2"].map((side) => text.replaceAll(/‹([^›]*)›([^›]*)›/g, side));
      const outlined = async (one: string) => ({
        lines: one.split("\n"),
        outline: await outliner.outline(language, one),
      });
      assert.ok((await outliner.parse(language, after!)).isBroken);
      assert.deepEqual(named(withLostDefinitions(await outlined(after!), await outlined(before!))), defined);
    });
  }
});

function named(outline: readonly Definition[]): string[] {
  return outline.map(({ name, startLine, endLine, container }) => {
    const around = outline[container];
    return `${startLine + 1}-${endLine} ${around ? `${around.name}.` : ""}${name}`;
  });
}
