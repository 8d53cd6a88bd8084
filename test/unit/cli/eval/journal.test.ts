import assert from "node:assert/strict";
import { appendFile, readFile } from "node:fs/promises";
import { Journal } from "../../../../src/cli/eval/journal";
import type { Result } from "../../../../src/cli/eval/measure";
import { useTemporaryFolder } from "../../../support/temporaryFolder";

const result = { id: "a", kind: "text", condition: "none", bits: 1, bytes: 8, ms: 1 } as const;

describe("journal of results", () => {
  const folder = useTemporaryFolder();

  it("gives back what was measured, by task, but for a line that was cut short", async () => {
    const file = folder("results.jsonl");
    const journal = await Journal.open<Result>(file, "one model");
    await journal.add([result, { ...result, condition: "all" }]);
    await journal.add([{ ...result, id: "b" }]);
    assert.deepEqual(journal.of("b"), [{ ...result, id: "b" }]);
    await appendFile(file, '{"id":"c"');
    const next = await Journal.open<Result>(file, "one model");
    assert.deepEqual(next.of("a"), [result, { ...result, condition: "all" }]);
    assert.deepEqual(next.of("c"), []);
  });

  it("takes no result for that of a task whose text has changed under the same id", async () => {
    const file = folder("results.jsonl");
    await (await Journal.open<Result>(file, "one model")).add([result], "text");
    const next = await Journal.open<Result>(file, "one model");
    assert.deepEqual(next.of("a", "another text"), []);
    await next.add([{ ...result, bits: 2 }], "another text");
    assert.deepEqual((await Journal.open<Result>(file, "one model")).of("a", "another text"), [{ ...result, bits: 2 }]);
    assert.deepEqual(next.of("a", "text"), [result]);
  });

  it("says how many results are of tasks that have changed, until those were measured again", async () => {
    const file = folder("results.jsonl");
    const journal = await Journal.open<Result>(file, "one model");
    await journal.add([result, { ...result, condition: "all" }], "text");
    await journal.add([{ ...result, id: "b" }], "text of b");
    assert.equal(
      journal.changesIn([
        ["a", "another text"],
        ["b", "text of b"],
        ["c", "text of c"],
      ]),
      `2 results in ${file} are of tasks that have changed, and are measured again.`,
    );
    assert.equal(journal.changesIn([["a", "text"]]), undefined);
    await journal.add([result], "another text");
    assert.equal(journal.changesIn([["a", "another text"]]), undefined);
  });

  it("goes on after a line that was cut short", async () => {
    const file = folder("results.jsonl");
    await appendFile(file, '{"id":"c"');
    await (await Journal.open<Result>(file, "one model")).add([result]);
    assert.deepEqual((await Journal.open<Result>(file, "one model")).of("a"), [result], await readFile(file, "utf8"));
  });

  it("refuses a file of another model's results, or of another setting's", async () => {
    const file = folder("results.jsonl");
    await (await Journal.open<Result>(file, "one model")).add([result]);
    await assert.rejects(
      Journal.open<Result>(file, "another"),
      /has results of one model, and this run is of another. Name another file.$/,
    );
  });

  for (const [what, text] of [
    ["notes", "# Notes\n\nnot to be lost"],
    ["notes of one line", "not to be lost"],
    ["another program's results", `${JSON.stringify(result)}\n`],
    ["a list", "[1]\n2"],
  ] as const) {
    it(`refuses ${what}, and leaves them as they are`, async () => {
      const file = folder("results.jsonl");
      await appendFile(file, text);
      await assert.rejects(
        Journal.open<Result>(file, "one model"),
        /results\.jsonl (has lines that|is not a results file)/,
      );
      assert.equal(await readFile(file, "utf8"), text);
    });
  }

  it("keeps nothing when it has no file", async () => {
    const journal = await Journal.open<Result>(undefined, "one model");
    await journal.add([result]);
    assert.deepEqual(journal.of("a"), [result]);
  });
});
