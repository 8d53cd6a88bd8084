// The index as its caller sees it: what is given for a question, and what is never given.

import assert from "node:assert/strict";
import * as fc from "fast-check";
import { Outliner } from "../../../../src/engine/snippets/outline";
import {
  type Snippet,
  type SnippetReason,
  type SnippetRequest,
  snippetCost,
} from "../../../../src/engine/snippets/snippet";
import { SnippetIndex } from "../../../../src/engine/snippets/snippetIndex";
import { indexOf, requestAt } from "../../../support/snippetIndexes";

describe("snippet index", () => {
  it("names an import that is not used yet", async () => {
    const index = await indexOf({ "pkg/price.py": "def price_of(item):\n    return 42\n" });
    const [snippet] = ask(index, "pkg/main.py", "from .price import price_of\n\nx = |");
    assert.equal(snippet?.text, "def price_of(item):");
    assert.equal(snippet?.reason, "import");
  });

  it("names what the text in the editor imports far above the cursor, also where the file is not indexed or was indexed before that", async () => {
    const below = "const x = |";
    const document = `import { priceOf } from "./price";\n${"\n".repeat(200)}${below}`;
    for (const indexed of [{}, { "src/main.ts": below }]) {
      const index = await indexOf({ "src/price.ts": "export function priceOf(): number {}\n", ...indexed });
      assert.deepEqual(reasons(ask(index, "src/main.ts", below)), []);
      assert.deepEqual(reasons(ask(index, "src/main.ts", below, { document })), ["import"]);
    }
  });

  it("gives similar code, and where the user was", async () => {
    const index = await indexOf({
      "a.txt": "the quick brown fox jumps\nover a lazy dog\n",
      "b.txt": "lorem ipsum dolor sit\n",
    });
    assert.deepEqual(reasons(ask(index, "c.txt", "a brown fox |")), ["similar"]);
    index.recordView("a.txt", 0, 1);
    assert.deepEqual(reasons(ask(index, "c.txt", "a brown fox |")), ["recently viewed"]);
    recordEdit(index, "b.txt", 0, 1);
    assert.deepEqual(reasons(ask(index, "d.txt", "amet |")), ["recently viewed", "recently edited"]);
  });

  it("finds a place where the user was again after edits above it, in the text that is known", async () => {
    const fox = "the quick brown fox jumps";
    const lines = Array.from({ length: 60 }, (_, line) => `${line % 7}${line} is nothing to speak of`);
    lines[40] = fox;
    const index = await indexOf({ "a.txt": lines.join("\n"), "b.txt": "" });
    const reasonsForFox = () =>
      reasons(ask(index, "b.txt", "a brown fox |").filter(({ text }) => text.split("\n").includes(fox)));
    recordEdit(index, "a.txt", 40, 41);
    const before = lines.join("\n");
    const offset = lines.slice(0, 4).join("\n").length;
    lines.splice(4, 0, ...Array.from({ length: 25 }, () => "more"));
    index.recordEdits("a.txt", before, [{ offset, deleted: 0, inserted: "\nmore".repeat(25) }]);
    assert.deepEqual(reasonsForFox(), ["recently edited"]);
    await index.update("a.txt", lines.join("\n"));
    assert.deepEqual(reasonsForFox(), ["recently edited"]);
    const longer = lines.join("\n");
    const end = lines.slice(0, 11).join("\n").length;
    const deleted = lines.splice(11, 15).map((line) => ({ offset: end, deleted: `\n${line}`.length, inserted: "" }));
    index.recordEdits("a.txt", longer, deleted);
    assert.deepEqual(reasonsForFox(), ["recently edited"]);
    await index.update("a.txt", lines.join("\n"));
    assert.deepEqual(reasonsForFox(), ["recently edited"]);
  });

  it("knows edits that come while a text before them is outlined", async () => {
    const others = "text\n".repeat(60);
    const before = `${others}the quick brown fox jumps\n${others}`;
    const index = await indexOf({ "a.ts": "// an older text\n" });
    index.recordEdits("a.ts", before, [{ offset: others.length, deleted: 3, inserted: "the" }]);
    const updating = index.update("a.ts", before);
    index.recordEdits("a.ts", before, [{ offset: 0, deleted: 0, inserted: "more\n".repeat(45) }]);
    await updating;
    const [snippet] = ask(index, "b.ts", "a brown fox |");
    assert.equal(snippet?.reason, "recently edited");
    assert.match(snippet.text, /fox/);
  });

  it("remembers the places of a few edits, and not those of many at once", async () => {
    const text = "the quick brown fox jumps\n".repeat(20);
    for (const [count, reason] of [
      [8, "recently edited"],
      [9, "similar"],
    ] as const) {
      const index = await indexOf({ "a.txt": text });
      const edits = Array.from({ length: count }, () => ({ offset: 0, deleted: 3, inserted: "The" }));
      index.recordEdits("a.txt", text, edits);
      assert.deepEqual([...new Set(reasons(ask(index, "b.txt", "a brown fox |")))], [reason], `${count} edits`);
    }
  });

  it("does not take a file that was loaded again for a place where the user was", async () => {
    for (const [lines, reason] of [
      [30, "recently edited"],
      [60, "similar"],
    ] as const) {
      const text = "the quick brown fox jumps\n".repeat(lines);
      const index = await indexOf({ "a.txt": text });
      index.recordEdits("a.txt", "", [{ offset: 0, deleted: 0, inserted: text }]);
      await index.update("a.txt", text);
      assert.deepEqual([...new Set(reasons(ask(index, "b.txt", "a brown fox |")))], [reason], `${lines} lines`);
    }
  });

  it("gives what stands so far below the cursor that the prompt does not hold it", async () => {
    const cases = [
      [
        "main.ts",
        "log(priceOf(",
        "item));\nlog(total);\n",
        "function priceOf(item: Item): number {\n  return 42;\n}\n",
      ],
      [
        "main.py",
        "class Shop:\n    def log(self):\n        self.",
        "x()\n\n",
        "    def price_of(self):\n        return 42\n",
      ],
    ] as const;
    for (const [path, above, below, helper] of cases) {
      const index = await indexOf({ [path]: above + below + helper });
      const texts = (heldSuffix: string) =>
        ask(index, path, `${above}|${below}${helper}`, { heldSuffix }).map(({ text }) => text);
      assert.match(texts(below).join("\n"), /price_?of\(/i, path);
      assert.deepEqual(texts(below + helper), [], path);
    }
  });

  it("fills the budget with several texts, and no further", async () => {
    const text = (name: string) =>
      Array.from({ length: 10 }, (_, line) => `the quick ${name} fox number ${line}`).join("\n");
    const index = await indexOf({
      "a.txt": text("red"),
      "b.txt": text("green"),
      "c.txt": text("blue"),
      "d.txt": text("grey"),
    });
    for (const budgetCharacters of [400, 700, 1000]) {
      const snippets = ask(index, "x.txt", "a quick fox |", { budgetCharacters });
      const cost = snippets.reduce((sum, snippet) => sum + snippetCost(snippet), 0);
      assert.ok(snippets.length > 1 && cost <= budgetCharacters, `${snippets.length} snippets, ${cost} characters`);
    }
  });

  it("keeps room for where the user was beside the signatures of all that is used", async () => {
    const names = Array.from({ length: 30 }, (_, i) => `convertUnits${i}`);
    const functions = names.map((name) => `export function ${name}(value: number, unit: string): number {}\n`);
    const index = await indexOf({
      "src/units.ts": functions.join(""),
      "notes.txt": "the quick brown fox jumps\n".repeat(4),
    });
    recordEdit(index, "notes.txt", 0, 4);
    const live = `import { ${names.join(", ")} } from "./units";\n\n// the quick brown fox jumps |`;
    const given = reasons(ask(index, "src/main.ts", live, { budgetCharacters: 900 }));
    assert.ok(given.includes("recently edited") && given.length > 1, given.join());
  });

  it("leaves out what is hardly similar beside what is", async () => {
    const index = await indexOf({
      "close.txt": "the quick brown fox jumps over lazy dogs\n",
      "far.txt": "quick steps to install a program on many machines of the company at once\n",
    });
    const paths = ask(index, "x.txt", "quick brown fox jumps lazy dogs |").map(({ path }) => path);
    assert.deepEqual(paths, ["close.txt"]);
  });

  it("gives similar code before a comment that says the same", async () => {
    const comment = "// The quick brown fox jumps over the lazy dog, and the fox is quick.\n".repeat(3);
    const code = "  quick(brown, fox).over(dog);\n  fox.jumps(lazy);\n";
    const index = await indexOf({ "a.txt": comment + code });
    const [snippet] = ask(index, "b.txt", "the quick brown fox jumps over the lazy dog |", { budgetCharacters: 300 });
    assert.equal(snippet?.text, code.trimEnd());
  });

  it("gives of the live file only what the window does not hold", async () => {
    const far = "the quick brown fox was here\n".repeat(3);
    const near = numbered("a lazy dog sleeps", 30);
    const index = await indexOf({ "a.txt": `${far}\n${"filler that is long\n".repeat(30)}\n${near}` });
    const snippets = ask(index, "a.txt", `${near}the quick brown fox |`);
    assert.deepEqual(reasons(snippets), ["similar"]);
    assert.doesNotMatch(snippets[0]!.text, /lazy dog/);
  });

  it("gives of the live file also what has a line in common with the window, and nothing of what was deleted in it", async () => {
    const far = `the quick brown fox was here\nreturn the result of it\n${"fox\n".repeat(25)}`;
    const live = `${numbered("window", 9)}DELETEDreturn the result of it\nthe quick brown fox |`;
    const known = live.replace("DELETED", "the quick brown fox was deleted\n").replace("|", "and more");
    const index = await indexOf({ "a.txt": far + known });
    const [snippet] = ask(index, "a.txt", live.replace("DELETED", ""));
    assert.match(snippet?.text ?? "", /fox was here\nreturn the result of it/);
    assert.doesNotMatch(snippet?.text ?? "", /window|deleted|more/);
  });

  it("gives nothing of the live file that was just deleted before closing brackets, which end many a block", async () => {
    const deleted = numbered("    the quick brown fox jumps", 9);
    const end = "  });\n});\n";
    const index = await indexOf({ "a.txt": `${numbered("window", 9)}${deleted}${end}` });
    assert.deepEqual(ask(index, "a.txt", `${numbered("window", 9)}    the quick |\n${end}`), []);
  });

  it("gives nothing that the live file does not have any more, wherever it was", async () => {
    const far = (line: string) => `the quick brown fox was here\n${line}${"filler that is long\n".repeat(30)}`;
    const live = `${numbered("window", 9)}the quick |`;
    const index = await indexOf({ "a.txt": far("the quick brown fox was deleted\n") + live });
    const [snippet] = ask(index, "a.txt", live, { document: far("") + live.replace("|", "") });
    assert.match(snippet?.text ?? "", /fox was here/);
    assert.doesNotMatch(snippet?.text ?? "", /deleted/);
  });

  it("gives of the live file nothing that stands right below the cursor, be it in the prompt or not", async () => {
    for (const below of [numbered("the quick brown fox comes", 5), "the quick brown fox comes\n".repeat(5)]) {
      const text = `${numbered("window", 9)}the quick |\n${below}`;
      const index = await indexOf({ "a.txt": text.replace("|", ""), "b.txt": "the quick brown fox was there\n" });
      const paths = ask(index, "a.txt", text, { heldSuffix: "", nearSuffix: `\n${below}` }).map(({ path }) => path);
      assert.deepEqual(paths, ["b.txt"], below);
    }
  });

  it("gives no part of similar code that the prompt holds, of code that it does not hold", async () => {
    const held = numbered("  the quick brown fox jumps over the lazy dog and back", 3);
    const others = Array.from({ length: 8 }, (_, n) => `  const unlike${n} = measured(${n}, "nothing to speak of");\n`);
    const index = await indexOf({ "a.ts": `function far() {\n${held}${others.join("")}}\n` });
    assert.deepEqual(ask(index, "b.ts", `${held}  quick(|`, { budgetCharacters: 500 }), []);
  });

  it("gives the members of a class also while its text is broken", async () => {
    const text = "class Store {\n  flush(limit) {\n    go();\n  }\n  run() {\n    go();\n  }\n}\n";
    const index = await indexOf({ "src/store.js": text });
    await index.update("src/store.js", text.replace("  run() {\n", "  run() {\n    foo(bar[\n"));
    const [snippet] = ask(index, "src/main.js", "const store = new Store();\nstore.|");
    assert.equal(snippet?.text, "class Store\n    flush(limit)\n    run()");
  });

  it("gives a notebook and a script without an ending the definitions of their language", async () => {
    const index = await indexOf({ "src/units.py": "def convert_units(value, unit):\n    return value\n" });
    for (const path of ["analysis.ipynb", "bin/run"]) {
      const given = (languageId: string) => reasons(ask(index, path, "x = convert_units(|", { languageId }));
      assert.deepEqual(given("python"), ["definition"], path);
      assert.ok(!given("r").includes("definition"), path);
    }
  });

  it("gives a file the definitions of a notebook", async () => {
    const index = await indexOf({ "notebooks/units.ipynb": "def convert_units(value, unit):\n    return value\n" });
    assert.deepEqual(reasons(ask(index, "src/main.py", "x = convert_units(|")), ["definition"]);
  });

  it("takes in a file whose grammar cannot be loaded, without an outline", async () => {
    const broken = new Outliner();
    broken.prepare = () => Promise.reject(new Error("no memory"));
    const index = new SnippetIndex({ outliner: broken });
    await index.update("a.py", "def the_quick():\n    brown_fox = jumps\n");
    assert.deepEqual(reasons(ask(index, "b.py", "brown_fox = the_quick |")), ["similar"]);
  });

  it("drops the file that was untouched for the longest time", async () => {
    const index = await indexOf({ "a.txt": "text", "b.txt": "text" }, { mostFiles: 2 });
    index.recordView("a.txt", 0, 1);
    await index.update("c.txt", "text");
    assert.deepEqual(known(index), ["a.txt", "c.txt"]);
  });

  it("takes no file in that would have another one go which may not", async () => {
    const index = await indexOf({ "a.txt": "text", "b.txt": "text" }, { mostFiles: 2 });
    await index.update("c.txt", "text", (other) => other !== "a.txt");
    assert.deepEqual(known(index), ["a.txt", "b.txt"]);
  });

  it("makes room for another limit", async () => {
    const index = await indexOf({ "a.txt": "text", "b.txt": "text" });
    index.limit(1);
    await index.update("c.txt", "text");
    assert.deepEqual(known(index), ["c.txt"]);
  });

  it("keeps as much as half of the limit holds, and takes other files in, when the limit is halved", async () => {
    const mostBytes = 1_000_000;
    const index = new SnippetIndex({ mostBytes });
    const paths = Array.from({ length: 200 }, (_, n) => `${n}.txt`);
    const ownWords = (path: string) => Array.from({ length: 500 }, (_, n) => `w${path.slice(0, -4)}x${n}\n`).join("");
    const kept = () => paths.filter((path) => index.has(path)).length;
    for (const path of paths) await index.update(path, ownWords(path));
    const before = kept();
    assert.ok(before > 10 && before < 200, `${before} files`);
    index.limit(mostBytes / 2);
    await index.update("199.txt", "another text\n");
    assert.ok(kept() > before / 2 - 2 && kept() < before / 2 + 2, `${kept()} of ${before} files`);
    const some = paths.filter((path) => index.has(path)).slice(0, 5);
    for (const path of some) index.remove(path);
    assert.equal(index.hasRoom, true);
  });

  it("lets the last of several updates win, whatever they wait for", async () => {
    const index = new SnippetIndex({ outliner: new Outliner() });
    const first = index.update("a.go", "package a\nfunc First() {}\n");
    const second = index.update("a.go", "package a\nfunc Second() {}\n");
    const third = index.update("b.go", "package b\nfunc Third() {}\n");
    index.remove("b.go");
    await Promise.all([first, second, third]);
    assert.match(index.linesOf("a.go")!.join("\n"), /Second/);
    assert.equal(index.has("b.go"), false);
  });

  for (const path of ["a.ts", "a.py", "a.c", "a.rb", "a.php", "a.rs", "a.cs", "a.java", "a.go", "a.tsx", "a.js", "a"]) {
    it(`survives any text in ${path}`, async () => {
      const index = await indexOf({});
      await fc.assert(
        fc.asyncProperty(fc.string({ unit: "binary", maxLength: 300 }), async (text) => {
          await index.update(path, text);
          ask(index, "b.ts", `${text}|`);
        }),
        { numRuns: 5 },
      );
    });
  }
});

describe("snippets", () => {
  const question = fc.record({
    files: fc.dictionary(fc.constantFrom("a.py", "b.py", "lib/c.py", "d.txt"), fc.array(codeLine(), { maxLength: 60 })),
    live: fc.array(codeLine(), { maxLength: 30 }),
    /** Lines of the live file that the window does not reach. */
    above: fc.array(codeLine(), { maxLength: 30 }),
    cursor: fc.nat(30),
    budgetCharacters: fc.nat(1500),
  });

  it("stay within the budget, and give no line twice, nor any of the live window", async () => {
    await fc.assert(
      fc.asyncProperty(question, async ({ files, live, above, cursor, budgetCharacters }) => {
        // By its lines alone, one further up may be another's copy.
        const window = live.map((line, n) => (line === "" ? line : `${line} # ${n}`));
        const index = await indexOf({ ...joined(files), "live.py": [...above, ...window].join("\n") });
        recordEdit(index, "a.py", 3, 9);
        index.recordView("live.py", 0, 5);
        const prefix = window.slice(0, cursor).join("\n");
        const suffix = window.slice(cursor).join("\n");
        const snippets = ask(index, "live.py", `${prefix}|${suffix}`, { languageId: "python", budgetCharacters });
        const cost = snippets.reduce((sum, snippet) => sum + snippetCost(snippet), 0);
        assert.ok(cost <= budgetCharacters, `${cost} characters of ${budgetCharacters}`);
        // The class around a member is told again.
        const isToldOnce = (line: string) => line.length >= 8 && !line.startsWith("class ");
        const held = new Set(window.map((line) => line.trim()).filter(isToldOnce));
        for (const { path, text } of snippets) {
          if (path === "live.py")
            assert.deepEqual(
              text.split("\n").filter((line) => held.has(line.trim())),
              [],
            );
        }
        const ranges = snippets.filter(({ reason }) => reason !== "import" && reason !== "definition");
        for (const one of ranges) {
          for (const other of ranges) {
            if (one === other || one.path !== other.path) continue;
            assert.ok(one.endLine <= other.startLine || other.endLine <= one.startLine, "two snippets overlap");
          }
        }
        const scores = snippets.map(({ score }) => score);
        assert.deepEqual(
          scores,
          scores.toSorted((a, b) => a - b),
          "the most relevant is not the last",
        );
      }),
    );
  });

  it("are the same as if a file that was removed had never been there", async () => {
    await fc.assert(
      fc.asyncProperty(
        question,
        fc.array(codeLine(), { maxLength: 60 }),
        async ({ files, live, budgetCharacters }, other) => {
          const fresh = await indexOf(joined(files));
          const worn = await indexOf({ "gone.py": other.join("\n"), ...mapped(files, () => other.join("\n")) });
          for (const [path, text] of Object.entries(joined(files))) await worn.update(path, text);
          recordEdit(worn, "gone.py", 0, 3);
          worn.remove("gone.py");
          const request = requestAt("live.py", live.join("\n"), { languageId: "python", budgetCharacters });
          assert.deepEqual(worn.retrieve(request), fresh.retrieve(request));
          assert.deepEqual(fresh.retrieve(request), fresh.retrieve(request));
        },
      ),
    );
  });
});

/** The user has changed these lines, which are as many as before; from 0, `endLine` not included. */
function recordEdit(index: SnippetIndex, path: string, startLine: number, endLine: number): void {
  const breaks = "\n".repeat(endLine - startLine - 1);
  index.recordEdits(path, "\n".repeat(endLine), [{ offset: startLine, deleted: breaks.length, inserted: breaks }]);
}

function ask(
  index: SnippetIndex,
  path: string,
  textWithCursor: string,
  asked: Partial<SnippetRequest> = {},
): Snippet[] {
  return index.retrieve(requestAt(path, textWithCursor, asked));
}

/** Of three files. */
function known(index: SnippetIndex): string[] {
  return ["a.txt", "b.txt", "c.txt"].filter((path) => index.has(path));
}

function reasons(snippets: readonly Snippet[]): SnippetReason[] {
  return snippets.map(({ reason }) => reason);
}

function numbered(line: string, count: number): string {
  return Array.from({ length: count }, (_, n) => `${line} ${n}\n`).join("");
}

/** Lines of a language of few names, so that they meet often. */
function codeLine(): fc.Arbitrary<string> {
  const name = fc.constantFrom("parse", "parse_line", "Table", "row", "columnCount", "item");
  return fc.oneof(
    fc.tuple(name, name).map(([a, b]) => `def ${a}(${b}):`),
    fc.tuple(name, name, name).map(([a, b, c]) => `    ${a} = ${b}.${c}(1)`),
    name.map((a) => `class ${a}:`),
    name.map((a) => `from .c import ${a}`),
    fc.constant(""),
  );
}

function joined(files: Record<string, string[]>): Record<string, string> {
  return mapped(files, (lines) => lines.join("\n"));
}

function mapped(files: Record<string, string[]>, text: (lines: string[]) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([path, lines]) => [path, text(lines)]));
}
