import { readFile } from "node:fs/promises";
import { parseTasks } from "../../src/cli/eval/tasks";

/** Some 2,000 tokens of real code, which stay as they are whatever is changed here. */
export async function taskText(): Promise<string> {
  const tasks = parseTasks(await readFile("test/tasks/text-2k.jsonl", "utf8"));
  return tasks.find(({ id }) => id === "typescript-text-2k-1")!.expected;
}
