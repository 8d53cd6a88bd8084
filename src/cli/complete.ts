// griffin complete FILE --line L --column C: what the editor would suggest there.

import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { loadLanguageModel } from "../engine/languageModel";
import { offsetAt } from "../text/cursor";
import { completeOnce } from "./completeOnce";
import { count, jsonOption, modelOption, threadsOption } from "./options";

interface Options {
  readonly line: number;
  readonly column: number;
  readonly model: string;
  readonly threads: number;
  readonly maxTokens: number;
  readonly singleLine?: boolean;
  readonly json?: boolean;
}

export function addCompleteCommand(program: Command): void {
  program
    .command("complete")
    .description("complete FILE at a cursor, as the editor would")
    .argument("<file>", "the file to complete in")
    .requiredOption("--line <n>", "the cursor's line, from 1", count)
    .requiredOption("--column <n>", "the cursor's column in UTF-16 units, from 1", count)
    .option("--max-tokens <n>", "upper bound of generated tokens", count, 96)
    .option("--single-line", "complete no further than the line's end")
    .addOption(modelOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .action(complete);
}

async function complete(file: string, options: Options): Promise<void> {
  const text = await readFile(file, "utf8");
  const offset = offsetAt(text, options.line, options.column);
  const lm = await loadLanguageModel(options.model, { threads: options.threads });
  const { maxTokens } = options;
  const result = await completeOnce(lm, {
    path: file,
    text,
    offset,
    maxTokens,
    multiline: options.singleLine !== true,
  });
  await lm.model.dispose();
  if (options.json) process.stdout.write(`${JSON.stringify(result)}\n`);
  else if (result.type === "success") process.stdout.write(`${result.text}\n`);
  else process.stderr.write(`No completion: ${result.reason}.\n`);
}
