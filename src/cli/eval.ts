// griffin eval: measures a model in one of three ways, each of which has a file of its own.

import { type Command, InvalidArgumentError, Option } from "commander";
import { parseConditions, parseSources, SOURCES } from "./eval/sources";
import { evaluateFar, type FarOptions } from "./evalFar";
import { evaluateRecall, RECALL_DISTANCES, RECALL_STREAMS, type RecallOptions } from "./evalRecall";
import { evaluateTasks, type TaskOptions } from "./evalTasks";
import { count, countFromOne, counts, jsonOption, modelOption, threadsOption } from "./options";
import { UsageError } from "./usageError";

/** The ways to measure, and the options of each. */
interface Ways {
  readonly tasks: TaskOptions;
  readonly far: FarOptions;
  readonly recall: RecallOptions;
}

type Way = keyof Ways;

type WayWith<Option> = { readonly [One in Way]: Option extends keyof Ways[One] ? One : never }[Way];

/** A way that was chosen, with its options. */
type Chosen = { readonly [One in Way]: { readonly way: One; readonly options: Ways[One] } }[Way];

/** All that may stand on the command line. */
type Given = TaskOptions & Partial<FarOptions> & RecallOptions & { readonly recall?: true };

type Name = keyof TaskOptions | keyof FarOptions | keyof RecallOptions;

const ALL = ["tasks", "far", "recall"] as const;

/** By what its value is called, which ways heed an option: who gives it for another should hear of it. */
const HEEDED_BY: { readonly [One in Name]: readonly WayWith<One>[] } = {
  repoState: ["tasks"],
  sources: ["tasks"],
  compare: ["tasks"],
  base: ["tasks"],
  suffix: ["tasks"],
  every: ["tasks", "far"],
  limit: ["tasks", "far"],
  state: ["tasks", "far"],
  far: ["far"],
  distances: ["recall"],
  streams: ["recall"],
  minutes: ["recall"],
  draw: ["recall"],
  results: ALL,
  model: ALL,
  threads: ALL,
  json: ALL,
};

export function addEvalCommand(program: Command): void {
  program
    .command("eval")
    .description("measure the model on task files")
    .argument("[tasks...]", "task files, one JSON object per line; with --recall, the repositories to read")
    .addOption(
      new Option("--repo-state <on|off>", "whether tasks that come with a repository may draw on it")
        .choices(["on", "off"])
        .default("on"),
    )
    .option(
      "--sources <list>",
      `what to draw on: ${SOURCES.join(", ")}`,
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
        .conflicts(["repoState", "sources"]),
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
        .conflicts(unheededBy("far")),
    )
    .addOption(
      new Option("--recall", "measure instead what is recalled, by how long ago it was read").conflicts(
        unheededBy("recall"),
      ),
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
      const chosen = choose(given);
      const useless = OF_RECALL.find((name) => command.getOptionValueSource(name) === "cli");
      if (chosen.way !== "recall" && useless !== undefined)
        throw new UsageError(`--${useless} is for measurements with --recall: give --recall, too.`);
      if (chosen.way !== "recall" && files.length === 0)
        throw new UsageError("Name a task file, such as test/tasks/span.jsonl, or give --recall.");
      return evaluate(files, chosen);
    });
}

function choose(given: Given): Chosen {
  if (given.recall) return { way: "recall", options: given };
  const { far } = given;
  return far === undefined ? { way: "tasks", options: given } : { way: "far", options: { ...given, far } };
}

function evaluate(files: readonly string[], { way, options }: Chosen): Promise<void> {
  switch (way) {
    case "tasks":
      return evaluateTasks(files, options);
    case "far":
      return evaluateFar(files, options);
    case "recall":
      return evaluateRecall(files, options);
  }
}

const OF_RECALL = namesOf((ways) => ways.every((way) => way === "recall"));

/** What `way` does not heed. Those of recall alone are refused in other words. */
function unheededBy(way: Way): string[] {
  return namesOf((ways) => !ways.includes(way)).filter((name) => !OF_RECALL.includes(name));
}

function namesOf(matches: (ways: readonly Way[]) => boolean): string[] {
  return Object.entries<readonly Way[]>(HEEDED_BY).flatMap(([name, ways]) => (matches(ways) ? name : []));
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
