// griffin eval TASKS.jsonl: how well the model knows code (bits a byte) and how often it writes what was expected; where a
// task has a repository, also what each part of it is worth.

import { loadLanguageModel } from "../engine/loadLanguageModel";
import { compare, formatComparison } from "./eval/comparison";
import { hashOf } from "./eval/hash";
import { Journal } from "./eval/journal";
import { measure, type Result, type Setting } from "./eval/measure";
import { modelOf } from "./eval/modelOf";
import { type ReadTask, readTasks } from "./eval/readTasks";
import { COMPARED, type Condition, conditionOf, type Source } from "./eval/sources";
import { formatSummary, summarize } from "./eval/summary";
import { TaskRepositories } from "./eval/taskRepositories";
import { DEFAULT_REPOSITORY_TOKENS } from "./options";
import { complain, tell } from "./tell";
import { checkFile, checkFolder } from "./writable";

export interface TaskOptions {
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

export async function evaluateTasks(files: readonly string[], options: TaskOptions): Promise<void> {
  const tasks = await readTasks(files, options);
  const conditions = conditionsOf(options);
  await checkFile(options.results);
  await checkFolder(options.state);
  const lm = await loadLanguageModel(options.model, { threads: options.threads });
  const repositories = new TaskRepositories({
    lm,
    stateFolder: options.state,
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

function conditionsOf({ compare: compared, sources }: TaskOptions): readonly Condition[] {
  if (compared === undefined) return [conditionOf(sources)];
  return compared === true ? COMPARED : compared;
}

async function settingOf(
  { repo, path }: ReadTask,
  conditions: readonly Condition[],
  { base }: TaskOptions,
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
function report(model: string, results: readonly Result[], { compare: compared, json }: TaskOptions): string {
  const isCompared = ({ condition }: Result) => compared !== undefined && condition !== undefined;
  const summary = summarize(results.filter((result) => !isCompared(result)));
  const comparison = compare(results.filter(isCompared));
  if (json) return `${JSON.stringify({ model, summary, ...(compared !== undefined && { comparison }), results })}\n`;
  return [formatSummary(summary), formatComparison(comparison)].filter((text) => text !== "").join("\n");
}
