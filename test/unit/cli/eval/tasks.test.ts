import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { firstOfEach, parseRepo, parseTasks } from "../../../../src/cli/eval/tasks";

const span = { id: "a", kind: "span", path: "a.py", prefix: "x = ", suffix: "\n", expected: "1" };

describe("evaluation tasks", () => {
  it("are one JSON object a line, blank lines aside, and may say more than is known", () => {
    const text = { ...span, id: "b", kind: "text", more: [] };
    assert.deepEqual(parseTasks(`${JSON.stringify(span)}\n\n${JSON.stringify(text)}\n`), [
      span,
      { ...span, id: "b", kind: "text" },
    ]);
  });

  it("may have a repository: its files, or the name of a file of them", () => {
    const tasks = [
      { ...span, repo: [{ path: "b.py", text: "x = 1\n" }] },
      { ...span, id: "b", repo: "repos/b.jsonl" },
    ];
    assert.deepEqual(parseTasks(tasks.map((task) => JSON.stringify(task)).join("\n")), tasks);
    assert.deepEqual(parseRepo('{"path":"b.py","text":""}\n'), [{ path: "b.py", text: "" }]);
    assert.throws(() => parseRepo('{"path":"b.py"}'), /Line 1: "text" must be a string, not undefined/);
  });

  it("can be the first few of each repository and kind", () => {
    const ids = ["c-word-1", "c-word-2", "go-word-1", "c-line-7"];
    const tasks = [...ids.map((id) => ({ ...span, kind: "span", id }) as const)];
    const other = { ...tasks[1]!, repo: "repos/b.jsonl" };
    assert.deepEqual(firstOfEach([...tasks, other], 1), [tasks[0], tasks[2], tasks[3], other]);
  });

  it("name the line that is wrong", () => {
    const cases: [line: string, message: RegExp][] = [
      ["{", /Line 2 is not JSON/],
      [JSON.stringify({ ...span, kind: "recall" }), /Line 2: "kind" must be "text" or "span", not "recall"/],
      [JSON.stringify({ ...span, prefix: undefined }), /Line 2: "prefix" must be a string, not undefined/],
      [JSON.stringify({ ...span, expected: "" }), /Line 2: "expected" is empty/],
      [JSON.stringify({ ...span, repo: 1 }), /Line 2: "repo" must be a list of files or the name of one/],
      [JSON.stringify({ ...span, repo: [{ path: "b.py" }] }), /Line 2: "text" must be a string/],
    ];
    const twice = `${JSON.stringify(span)}\n`.repeat(2);
    assert.throws(() => parseTasks(twice), /Line 2: another task has the id "[^"]+", too/);
    for (const [line, message] of cases) assert.throws(() => parseTasks(`\n${line}`), message);
    assert.throws(() => parseTasks("\n"), /There is no task in the file/);
  });

  for (const [file, kind, count] of [
    ["text-2k", "text", 48],
    ["text-8k", "text", 8],
    ["span", "span", 240],
  ] as const) {
    it(`of ${file}.jsonl are ${count} of eight languages, each with an id of its own`, async () => {
      const tasks = parseTasks(await readFile(`test/tasks/${file}.jsonl`, "utf8"));
      assert.equal(tasks.length, count);
      assert.equal(new Set(tasks.map(({ id }) => id)).size, count);
      assert.equal(new Set(tasks.map(({ id }) => id.split("-")[0])).size, 8);
      for (const task of tasks) assert.equal(task.kind, kind);
    });
  }

  it("of repo*.jsonl have a repository each, which does not hold the task's own file", async () => {
    const texts = ["repo", "repo-cpp"].map((name) => readFile(`test/tasks/${name}.jsonl`, "utf8"));
    const tasks = (await Promise.all(texts)).flatMap(parseTasks);
    assert.equal(new Set(tasks.map(({ id }) => id)).size, tasks.length);
    assert.equal(new Set(tasks.map(({ id }) => id.split("-")[0])).size, 8);
    const repos = new Set(tasks.map(({ repo }) => repo as string));
    for (const repo of repos) {
      const paths = new Set(parseRepo(await readFile(`test/tasks/${repo}`, "utf8")).map(({ path }) => path));
      assert(paths.size >= 10, `${repo} has ${paths.size} files`);
      for (const task of tasks) assert(task.repo !== repo || !paths.has(task.path), `${repo} holds ${task.path}`);
    }
  });
});
