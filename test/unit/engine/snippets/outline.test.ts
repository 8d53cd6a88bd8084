// test/golden/snippets: a source and its outline, for each language. Its README says how to add a case.

import assert from "node:assert/strict";
import { languageOf } from "../../../../src/engine/snippets/languages";
import { type Definition, Outliner } from "../../../../src/engine/snippets/outline";
import { headOf, readGoldenCases, section } from "../../../support/goldenCases";
import { withReplaced } from "../../../support/replaced";

const FOLDER = "test/golden/snippets";
const FORM = { heads: ["path"], sections: ["source", "outline"] };

describe("outlines", () => {
  const outliner = new Outliner();

  for (const golden of readGoldenCases(FOLDER, FORM)) {
    it(`${golden.file}: ${golden.title}`, async () => {
      const language = languageOf(headOf(golden, "path"))!;
      await outliner.prepare(language);
      assert.equal(written(await outliner.outline(language, section(golden, "source"))), section(golden, "outline"));
    });
  }

  it("are empty before the grammar is there, and for a huge text", async () => {
    const language = languageOf("a.rs")!;
    const fresh = new Outliner();
    assert.deepEqual(await fresh.outline(language, "fn a() {}"), []);
    await fresh.prepare(language);
    assert.equal((await fresh.outline(language, "fn a() {}")).length, 1);
    assert.deepEqual(await fresh.outline(language, `fn a() {}${" ".repeat(500_000)}`), []);
  });

  it("of more definitions than there may be leave out an enum's last ones, not what stands below it", async () => {
    const language = languageOf("a.ts")!;
    await outliner.prepare(language);
    const constants = Array.from({ length: 2_500 }, (_, n) => `C${n} = ${n},\n`).join("");
    await withoutClock(async () => {
      const outline = await outliner.outline(language, `enum Code {\n${constants}}\nfunction below() {}\n`);
      assert.deepEqual([outline.length, outline.at(-2)!.name, outline.at(-1)!.name], [2_000, "C1997", "below"]);
    });
  });

  it("give up on a text that takes too long, and read the next one from its start", async () => {
    const language = languageOf("a.c")!;
    await outliner.prepare(language);
    const short = "int f(){}\n";
    const next = "\n\nstruct s { int a; };\nint g(void) { return 0; }\n";
    await withoutClock(async () => {
      const expected = await outliner.outline(language, next);
      assert.equal((await outliner.outline(language, short.repeat(3_000))).length, 2_000);
      assert.deepEqual(await outliner.outline(language, short.repeat(39_000)), []);
      assert.deepEqual(await outliner.outline(language, next), expected);
    });
  });

  it("of a long text are made in slices, between which others go on, and of several texts one after the other", async () => {
    const language = languageOf("a.ts")!;
    await outliner.prepare(language);
    const text = "class A {\n  b(c: number): string {\n    return d(c);\n  }\n}\n".repeat(300);
    const whole = await outliner.outline(language, text);
    let ms = 0;
    let turns = 0;
    let counting = setImmediate(function count() {
      turns++;
      counting = setImmediate(count);
    });
    // Each look at the clock takes a millisecond.
    const outlines = await withReplaced(performance, { now: () => ++ms }, () =>
      Promise.all([text, "let e = 1;\n", text].map((one) => outliner.outline(language, one))),
    );
    clearImmediate(counting);
    assert.ok(turns > 0);
    assert.deepEqual(
      outlines.map((outline) => outline.length),
      [600, 1, 600],
    );
    assert.deepEqual(outlines[2], whole);
  });

  it("are soon given up where nothing fits", async () => {
    const language = languageOf("a.go")!;
    await outliner.prepare(language);
    await withoutClock(async () => {
      for (const text of ["(".repeat(250_000), "[]".repeat(190_000)]) {
        assert.deepEqual(await outliner.outline(language, text), []);
      }
    });
  });

  it("survive a text that takes all memory, time and again", async () => {
    const [python, go] = [languageOf("a.py")!, languageOf("a.go")!];
    const waiting = new Outliner();
    await waiting.prepare(go);
    const before = process.memoryUsage().rss;
    for (let time = 0; time < 4; time++) {
      await outliner.prepare(python);
      await withoutClock(async () => assert.deepEqual(await outliner.outline(python, "/*\n".repeat(5_000)), []));
      assert.ok(!outliner.isReady(python));
    }
    assert.ok(process.memoryUsage().rss - before < 2 ** 29);
    assert.ok(!waiting.isReady(go), "it was loaded before");
    for (const [one, language, text] of [
      [outliner, python, "def f(): pass"],
      [outliner, go, "func f() {}"],
      [waiting, go, "func f() {}"],
    ] as const) {
      await one.prepare(language);
      assert.equal((await one.outline(language, text)).length, 1);
    }
  });

  it("are made of texts that wait while one takes all memory", async () => {
    const [python, go] = [languageOf("a.py")!, languageOf("a.go")!];
    for (const language of [python, go]) await outliner.prepare(language);
    await withoutClock(async () => {
      const outlines = await Promise.all([
        outliner.outline(python, "/*\n".repeat(5_000)),
        outliner.outline(python, "def f(): pass"),
        outliner.outline(go, "func f() {}"),
      ]);
      assert.deepEqual(
        outlines.map(({ length }) => length),
        [0, 1, 1],
      );
    });
  });
});

/** No text takes too long by the clock. */
async function withoutClock(work: () => Promise<void>): Promise<void> {
  await withReplaced(performance, { now: () => 0 }, work);
}

function written(outline: readonly Definition[]): string {
  return outline
    .map(({ startLine, endLine, kind, name, signature, container }) => {
      let depth = 0;
      for (let at = container; at >= 0; at = outline[at]!.container) depth++;
      const lines = `${startLine + 1}-${endLine}`;
      return `${"  ".repeat(depth)}${lines} ${kind} ${name} | ${signature.replaceAll("\n", "⏎")}`;
    })
    .join("\n");
}
