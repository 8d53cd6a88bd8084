// griffin eval: measures a model in one of three ways, each of which has a file of its own.

import { type Command, InvalidArgumentError, Option } from "commander";
import { parseConditions, parseSources, SOURCES } from "./eval/sources";
import { evaluateFar, type FarOptions } from "./evalFar";
import { evaluateRecall, RECALL_DISTANCES, RECALL_STREAMS, type RecallOptions } from "./evalRecall";
import { evaluateTasks, type TaskOptions } from "./evalTasks";
import { count, countFromOne, counts, jsonOption, modelOption, threadsOption } from "./options";
import { UsageError } from "./usageError";

/** All that may stand on the command line. */
type Given = TaskOptions & Partial<FarOptions> & RecallOptions & { readonly recall?: true };

/** What not all of the ways heed, by what its value is called: who gives it for another should hear of it. */
const OF_TASKS: (keyof TaskOptions)[] = ["sources", "compare", "base", "suffix"];
const OF_TASKS_AND_FAR: (keyof TaskOptions & keyof FarOptions)[] = ["every", "limit", "state"];
const OF_RECALL: (keyof RecallOptions)[] = ["distances", "streams", "minutes", "draw"];

export function addEvalCommand(program: Command): void {
  program
    .command("eval")
    .description("measure the model on task files")
    .argument("[tasks...]", "task files, one JSON object per line; with --recall, the repositories to read")
    .option(
      "--sources <list>",
      `what tasks that come with a repository draw on: ${SOURCES.join(", ")}, or none`,
      reader((text) => parseSources(text)),
      [...SOURCES],
    )
    .addOption(
      new Option(
        "--compare [list]",
        "compare several conditions: no repository, each source by itself and all of them, or those that you name, such as " +
          "none,snippets,snippets+memory",
      )
        .argParser(reader((text) => parseConditions(text)))
        .conflicts("sources"),
    )
    .addOption(
      new Option(
        "--base <asked|trunk>",
        "ask the model whether the repository's state helps, as the editor does, or always use it",
      )
        .choices(["asked", "trunk"])
        .default("asked"),
    )
    .option("--every <n>", "only every Nth task of a file", countFromOne)
    .option("--limit <n>", "only the first N tasks of each kind and repository", countFromOne)
    .option("--state <dir>", "folder for saved states, for the next run; without it nothing is saved")
    .option("--results <file>", "write each result to this file as it comes; tasks already in it are skipped")
    .option("--no-suffix", "complete spans as if nothing came after them; their ids say so")
    .addOption(
      new Option(
        "--far [tokens]",
        "measure instead what the repository's state is worth to its texts, alone and with the exact memory, after this many " +
          "tokens of foreign text; without a number, one more than the widest attention window",
      )
        .argParser(count)
        .conflicts(OF_TASKS),
    )
    .addOption(
      new Option("--recall", "measure instead what is recalled, by how long ago it was read").conflicts([
        ...OF_TASKS,
        ...OF_TASKS_AND_FAR,
        "far",
      ]),
    )
    .option(
      "--distances <list>",
      "with --recall: tokens between a fact and the question about it",
      counts,
      RECALL_DISTANCES,
    )
    .option("--streams <n>", "with --recall: number of long texts to read", countFromOne, RECALL_STREAMS)
    .option("--minutes <n>", "with --recall: stop after this many minutes and report what there is", count)
    .option("--draw <file>", "with --recall: write the curves as SVG")
    .addOption(modelOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .action((files: readonly string[], given: Given, command: Command) => {
      if (given.recall) return evaluateRecall(files, given);
      const useless = OF_RECALL.find((name) => command.getOptionValueSource(name) === "cli");
      if (useless !== undefined)
        throw new UsageError(`--${useless} is for measurements with --recall: give --recall, too.`);
      if (files.length === 0)
        throw new UsageError("Name a task file, such as test/tasks/span.jsonl, or give --recall.");
      const { far } = given;
      return far === undefined ? evaluateTasks(files, given) : evaluateFar(files, { ...given, far });
    });
}

/** An option's reader that says what is wrong with its value. */
function reader<T>(parse: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      throw new InvalidArgumentError((error as Error).message);
    }
  };
}
