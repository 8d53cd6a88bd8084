// griffin eval TASKS.jsonl: how well the model knows code (bits a byte) and how often it writes what was expected; where a
// task has a repository, also what each part of it is worth.

import { type Command, InvalidArgumentError, Option } from "commander";
import { loadLanguageModel } from "../engine/loadLanguageModel";
import { compare, formatComparison } from "./eval/comparison";
import { hashOf } from "./eval/hash";
import { Journal } from "./eval/journal";
import { measure, type Result, type Setting } from "./eval/measure";
import { modelOf } from "./eval/modelOf";
import { type ReadTask, readTasks } from "./eval/readTasks";
import {
  COMPARED,
  type Condition,
  conditionOf,
  parseConditions,
  parseSources,
  SOURCES,
  type Source,
} from "./eval/sources";
import { formatSummary, summarize } from "./eval/summary";
import { TaskRepositories } from "./eval/taskRepositories";
import { evaluateFar, type FarOptions } from "./evalFar";
import { evaluateRecall, RECALL_DISTANCES, RECALL_STREAMS, type RecallOptions } from "./evalRecall";
import {
  count,
  countFromOne,
  counts,
  DEFAULT_REPOSITORY_TOKENS,
  jsonOption,
  modelOption,
  threadsOption,
} from "./options";
import { complain, tell } from "./tell";
import { checkFile, checkFolder } from "./writable";

interface Options {
  readonly repoState: "on" | "off";
  readonly sources: readonly Source[];
  readonly compare?: readonly Condition[] | true;
  readonly base: "asked" | "trunk";
  readonly every?: number;
  readonly limit?: number;
  readonly suffix: boolean;
  readonly state?: string;
  readonly results?: string;
  readonly model: string;
  readonly threads: number;
  readonly json?: boolean;
}

/** Options, as their values are called, that other ways to measure do not heed: who gives both should hear of it. */
const HOW_TO_COMPLETE = ["repoState", "sources", "compare", "base", "suffix"];
const WHICH_TASKS = ["every", "limit"];
const OF_RECALL = ["distances", "streams", "minutes", "draw"];

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
        .conflicts(HOW_TO_COMPLETE),
    )
    .addOption(
      new Option("--recall", "measure instead what is recalled, by how long ago it was read").conflicts([
        ...HOW_TO_COMPLETE,
        ...WHICH_TASKS,
        "far",
        "state",
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
    .action((files: readonly string[], options: Options & RecallOptions & Partial<FarOptions>, command: Command) => {
      if (options.recall) return evaluateRecall(files, options);
      const useless = OF_RECALL.find((name) => command.getOptionValueSource(name) === "cli");
      if (useless !== undefined) throw new Error(`--${useless} is for measurements with --recall: give --recall, too.`);
      if (files.length === 0) throw new Error("Name a task file, such as test/tasks/span.jsonl, or give --recall.");
      return options.far === undefined
        ? evaluate(files, options)
        : evaluateFar(files, { ...options, far: options.far });
    });
}

async function evaluate(files: readonly string[], options: Options): Promise<void> {
  const tasks = await readTasks(files, options);
  const conditions = conditionsOf(options);
  await checkFile(options.results);
  await checkFolder(options.state);
  const lm = await loadLanguageModel(options.model, { threads: options.threads });
  const repositories = new TaskRepositories({
    lm,
    ...(options.state !== undefined && { stateFolder: options.state }),
    // Without a trunk nothing needs to be run; what is indexed costs little.
    maxTokens: conditions.some(({ sources }) => sources.includes("trunk")) ? DEFAULT_REPOSITORY_TOKENS : 0,
  });
  const journal = await Journal.open<Result>(options.results, `${modelOf(lm)}, base ${options.base}`);
  const hashes = tasks.map(hashOf);
  const changes = journal.changesIn(tasks.map(({ id }, index) => [id, hashes[index]!]));
  if (changes !== undefined) complain(`${changes}\n`);
  const results: Result[] = [];
  try {
    for (const [index, task] of tasks.entries()) {
      const step = `${index + 1} of ${tasks.length}  ${task.id}`;
      tell(step);
      const hash = hashes[index]!;
      const known = journal.of(task.id, hash);
      const missing = conditions.filter(({ name }) => known.every(({ condition }) => condition !== name));
      const wanted = task.repo === undefined ? known.length === 0 : missing.length > 0;
      if (wanted) {
        const setting = await settingOf(task, missing, options, repositories);
        // Whoever reads a repository tells how far that is.
        tell(step);
        await journal.add(await measure(lm, task, setting), hash);
      }
      results.push(...inOrder(journal.of(task.id, hash), conditions));
    }
  } finally {
    await repositories.close();
  }
  tell("");
  await lm.model.dispose();
  process.stdout.write(report(lm.about.name, results, options));
}

function conditionsOf({ compare: compared, repoState, sources }: Options): readonly Condition[] {
  if (compared !== undefined) return compared === true ? COMPARED : compared;
  return [conditionOf(repoState === "on" ? sources : [])];
}

async function settingOf(
  { repo, path }: ReadTask,
  conditions: readonly Condition[],
  { base }: Options,
  repositories: TaskRepositories,
): Promise<Setting | undefined> {
  if (repo === undefined) return undefined;
  const isUsed = conditions.some((condition) => condition.sources.length > 0);
  const context = isUsed ? await repositories.contextOf(repo, path) : { path };
  return { context, conditions, asksModel: base === "asked" };
}

/** The results under these conditions, and those under none. */
function inOrder(results: readonly Result[], conditions: readonly Condition[]): Result[] {
  const names = [undefined, ...conditions.map(({ name }) => name)];
  return names.flatMap((name) => results.filter(({ condition }) => condition === name));
}

/** Tasks without a repository are summed up as ever; the others side by side when they were compared. */
function report(model: string, results: readonly Result[], { compare: compared, json }: Options): string {
  const isCompared = ({ condition }: Result) => compared !== undefined && condition !== undefined;
  const summary = summarize(results.filter((result) => !isCompared(result)));
  const comparison = compare(results.filter(isCompared));
  if (json) return `${JSON.stringify({ model, summary, ...(compared !== undefined && { comparison }), results })}\n`;
  return [formatSummary(summary), formatComparison(comparison)].filter((text) => text !== "").join("\n");
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
