import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { parseTasks } from "../../../../src/cli/eval/tasks";

const span = { id: "a", kind: "span", path: "a.py", prefix: "x = ", suffix: "\n", expected: "1" };

describe("evaluation tasks", () => {
  it("are one JSON object a line, blank lines aside, and may say more than is known", () => {
    const text = { ...span, kind: "text", repo: [] };
    assert.deepEqual(parseTasks(`${JSON.stringify(span)}\n\n${JSON.stringify(text)}\n`), [
      span,
      { ...span, kind: "text" },
    ]);
  });

  it("name the line that is wrong", () => {
    const cases: [line: string, message: RegExp][] = [
      ["{", /Line 2 is not JSON/],
      [JSON.stringify({ ...span, kind: "recall" }), /Line 2: "kind" must be "text" or "span", not "recall"/],
      [JSON.stringify({ ...span, prefix: undefined }), /Line 2: "prefix" must be a string, not undefined/],
      [JSON.stringify({ ...span, expected: "" }), /Line 2: "expected" is empty/],
    ];
    for (const [line, message] of cases) assert.throws(() => parseTasks(`\n${line}`), message);
    assert.throws(() => parseTasks("\n"), /There is no task in the file/);
  });

  for (const [file, kind, count] of [
    ["text-2k", "text", 48],
    ["text-8k", "text", 8],
    ["span", "span", 200],
  ] as const) {
    it(`of ${file}.jsonl are ${count} of eight languages, each with an id of its own`, async () => {
      const tasks = parseTasks(await readFile(`test/tasks/${file}.jsonl`, "utf8"));
      assert.equal(tasks.length, count);
      assert.equal(new Set(tasks.map(({ id }) => id)).size, count);
      assert.equal(new Set(tasks.map(({ id }) => id.split("-")[0])).size, 8);
      for (const task of tasks) assert.equal(task.kind, kind);
    });
  }
});
