import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { type ReadingTasks, readTasks } from "../../../../src/cli/eval/readTasks";
import { useTemporaryFolder } from "../../../support/temporaryFolder";

const span = { id: "c-word-1", kind: "span", path: "a.c", prefix: "x = ", suffix: ";\n", expected: "1" };
const text = { ...span, id: "c-text-1", kind: "text" };

describe("reading tasks", () => {
  const folder = useTemporaryFolder();
  let file: string;
  beforeEach(() => {
    file = folder("tasks.jsonl");
  });

  const write = (tasks: readonly object[]) => writeFile(file, tasks.map((task) => JSON.stringify(task)).join("\n"));

  it("without suffixes takes them from spans alone, whose results are then others'", async () => {
    await write([span, text]);
    assert.deepEqual(await readTasks([file], {}), [span, text]);
    assert.deepEqual(await readTasks([file], { suffix: false }), [
      { ...span, id: "c-word-1-no-suffix", suffix: "" },
      text,
    ]);
  });

  it("takes each Nth of a file, and of those the first of each kind", async () => {
    const ids = ["c-word-1", "c-word-2", "c-line-1", "c-line-2", "c-word-3"];
    await write(ids.map((id) => ({ ...span, id })));
    const other = folder("other.jsonl");
    await writeFile(other, String(await readFile(file)).replaceAll("c-", "d-"));
    const idsOf = async (which: ReadingTasks) => (await readTasks([file, other], which)).map(({ id }) => id);
    const second = ["c-word-1", "c-line-1", "c-word-3", "d-word-1", "d-line-1", "d-word-3"];
    assert.deepEqual(await idsOf({ every: 2 }), second);
    const first = ["c-word-1", "c-line-1", "d-word-1", "d-line-1"];
    assert.deepEqual(await idsOf({ every: 2, limit: 1 }), first);
  });

  it("refuses tasks of two files that have one id", async () => {
    await write([span]);
    await assert.rejects(readTasks([file, file], {}), /^Error: Two of the files have a task with the id "c-word-1"/);
  });

  it("puts the tasks of one repository together, and reads its files once", async () => {
    await writeFile(folder("r.jsonl"), JSON.stringify({ path: "b.c", text: "int x;" }));
    await write([
      { ...text, repo: "r.jsonl" },
      { ...text, id: "c-text-2" },
      { ...text, id: "c-text-3", repo: "r.jsonl" },
    ]);
    const tasks = await readTasks([file], {});
    assert.deepEqual(
      tasks.map(({ id }) => id),
      ["c-text-1", "c-text-3", "c-text-2"],
    );
    assert.equal(tasks[0]!.repo, tasks[1]!.repo);
  });

  it("names the file that is wrong", async () => {
    await write([{ ...span, expected: "" }]);
    await assert.rejects(readTasks([file], {}), /tasks\.jsonl: Line 1: "expected" is empty/);
  });
});
