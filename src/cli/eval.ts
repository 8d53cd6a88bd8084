// griffin eval TASKS.jsonl: how well the model knows code (bits a byte) and how often it writes what was expected.

import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { loadLanguageModel } from "../engine/languageModel";
import { measure, type Result } from "./eval/measure";
import { formatSummary, summarize } from "./eval/summary";
import { parseTasks } from "./eval/tasks";
import { jsonOption, modelOption, threadsOption } from "./options";

interface Options {
  readonly model: string;
  readonly threads: number;
  readonly json?: boolean;
}

export function addEvalCommand(program: Command): void {
  program
    .command("eval")
    .description("measure the model on task files")
    .argument("<tasks...>", "task files, one JSON object a line")
    .addOption(modelOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .action(evaluate);
}

async function evaluate(files: readonly string[], options: Options): Promise<void> {
  const tasks = (await Promise.all(files.map(readTasks))).flat();
  const lm = await loadLanguageModel(options.model, { threads: options.threads });
  const results: Result[] = [];
  for (const task of tasks) {
    results.push(await measure(lm, task));
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${results.length} of ${tasks.length}  ${task.id}`);
  }
  if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
  await lm.model.dispose();
  const summary = summarize(results);
  process.stdout.write(
    options.json ? `${JSON.stringify({ model: lm.about.name, summary, results })}\n` : formatSummary(summary),
  );
}

async function readTasks(file: string) {
  const text = await readFile(file, "utf8");
  try {
    return parseTasks(text);
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`, { cause: error });
  }
}
