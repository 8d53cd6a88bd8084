// griffin complete FILE --line L --column C: what the editor would suggest there.

import { basename, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";
import type { Command } from "commander";
import { Completer } from "../engine/completion/completer";
import { decodeText } from "../engine/files/decode";
import { REFUSALS } from "../engine/files/refusal";
import { isSecretPath } from "../engine/files/secretNames";
import { loadLanguageModel } from "../engine/loadLanguageModel";
import { realPath } from "../machine/realPath";
import { offsetAt } from "../text/cursor";
import { askingAt } from "./asking";
import { completeOnce } from "./completeOnce";
import {
  namedRepository,
  openRepository,
  pathIn,
  type RepositoryOptions,
  withRepositoryOptions,
} from "./openRepository";
import { countFromOne, jsonOption, modelOption, threadsOption } from "./options";
import { print } from "./print";
import { readInput } from "./readable";
import { complain } from "./tell";
import { tunedLoad } from "./tunedLoad";

interface Options extends RepositoryOptions {
  readonly line: number;
  readonly column: number;
  readonly model: string;
  readonly threads: number;
  readonly maxTokens?: number;
  readonly singleLine?: boolean;
  readonly json?: boolean;
}

export function addCompleteCommand(program: Command): void {
  const command = program
    .command("complete")
    .description("complete FILE at a cursor, as the editor would")
    .argument("<file>", "the file to complete in")
    .requiredOption("--line <n>", "the cursor's line, from 1", countFromOne)
    .requiredOption("--column <n>", "the cursor's column in UTF-16 units, from 1", countFromOne)
    .option(
      "--max-tokens <n>",
      "write at most this many tokens; without it, as many as the editor would ask for",
      countFromOne,
    );
  withRepositoryOptions(command)
    .option("--single-line", "stop at the end of the line")
    .addOption(modelOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .action(complete);
}

async function complete(file: string, options: Options): Promise<void> {
  await refuseSecret(file);
  const named = await namedRepository(options);
  const uri = named && pathToFileURL(resolve(named.folder, await pathIn(named.folder, file))).href;
  // As an editor reads it: without the mark that tells the encoding.
  const decoded = decodeText(await readInput(file));
  if ("refused" in decoded)
    throw new Error(`${file} is not completed: ${REFUSALS[decoded.refused]}. Name another file.`);
  const { text } = decoded;
  const offset = offsetAt(text, options.line, options.column);
  const lm = await loadLanguageModel(options.model, tunedLoad(options.threads));
  const { multiline, maxTokens } = askingAt(text, offset).extent;
  const question = {
    // As an editor shows a file that no workspace holds; in a repository the path is the repository's.
    path: basename(file),
    text,
    offset,
    extent: {
      multiline: multiline && options.singleLine !== true,
      maxTokens: options.maxTokens ?? maxTokens,
    },
  };
  const repository = named && (await openRepository(lm, named));
  const completer = repository && new Completer({ lm, repository: () => repository.offerFor(uri!) });
  const result = await completeOnce(lm, question, completer === undefined ? {} : { completer, isPrepared: true });
  await lm.model.dispose();
  if (options.json) process.stdout.write(`${JSON.stringify(result)}\n`);
  else if (result.type === "success") print(`${result.text}\n`);
  else complain(`No completion: ${result.reason}.\n`);
}

/** By its own name, and by that of the file to which a link leads. Throws a sentence. */
async function refuseSecret(file: string): Promise<void> {
  const paths = [resolve(file), await realPath(file)].map((path) => path.split(sep).join("/"));
  if (paths.some((path) => isSecretPath(path)))
    throw new Error(`${file} is not shown to the model: ${REFUSALS.secret}. Name another file.`);
}
