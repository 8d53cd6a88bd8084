// griffin eval TASKS.jsonl --far: what the state remembers of a repository that no attention layer sees any more, alone and with the
// exact memory beside it.

import type { ExactMemory } from "../engine/exactMemory/exactMemory";
import { loadLanguageModel } from "../engine/loadLanguageModel";
import { compare, formatComparison } from "./eval/comparison";
import { type FarStates, farId, farStates, measureFar, tokensOutOfSight } from "./eval/farState";
import { hashOf } from "./eval/hash";
import { Journal } from "./eval/journal";
import type { TextResult } from "./eval/measure";
import { modelOf } from "./eval/modelOf";
import { type ReadTask, readTasks } from "./eval/readTasks";
import { TaskRepositories } from "./eval/taskRepositories";
import type { RepoFile } from "./eval/tasks";
import { DEFAULT_REPOSITORY_TOKENS } from "./options";
import { tell } from "./tell";
import { checkFile, checkFolder } from "./writable";

export interface FarOptions {
  readonly model: string;
  readonly threads: number;
  /** Tokens of foreign text; true: as many as the widest window wants. */
  readonly far: number | true;
  readonly every?: number;
  readonly limit?: number;
  readonly state?: string;
  readonly results?: string;
  readonly json?: boolean;
}

export async function evaluateFar(files: readonly string[], options: FarOptions): Promise<void> {
  const { far, every, limit, state, json } = options;
  const tasks = (await readTasks(files, { every, limit })).filter(isAskable);
  const repos = [...new Set(tasks.map(({ repo }) => repo))];
  if (repos.length < 2) {
    throw new Error(
      "--far needs texts from at least two repositories. Name such a task file, test/tasks/repo.jsonl for instance.",
    );
  }
  await checkFile(options.results);
  await checkFolder(state);
  const lm = await loadLanguageModel(options.model, { threads: options.threads });
  const length = far === true ? tokensOutOfSight(lm) : far;
  const repositories = new TaskRepositories({
    lm,
    stateFolder: state,
    maxTokens: DEFAULT_REPOSITORY_TOKENS,
  });
  const journal = await Journal.open<TextResult>(options.results, `${modelOf(lm)}, ${length} tokens between`);
  const results: TextResult[] = [];
  try {
    for (const [index, repo] of repos.entries()) {
      const foreign = repos[(index + 1) % repos.length]!;
      const ofRepo = tasks.filter((task) => task.repo === repo);
      let states: FarStates | undefined;
      let memory: ExactMemory | undefined;
      for (const [number, task] of ofRepo.entries()) {
        const [id, hash] = [farId(task.id), hashOf([task, foreign])];
        if (journal.of(id, hash).length === 0) {
          const step = `repository ${index + 1} of ${repos.length}, text ${number + 1} of ${ofRepo.length}`;
          tell(step);
          if (states === undefined) {
            const context = await repositories.contextOf(repo, task.path);
            // Whoever reads a repository tells how far that is.
            tell(step);
            memory = context.memory;
            if (context.trunk === undefined)
              throw new Error(`The repository of "${task.id}" has no file that may be read. Leave its tasks out.`);
            states = await farStates(lm, context.trunk.state, foreign, length);
          }
          await journal.add(await measureFar(lm, task, states, memory), hash);
        }
        results.push(...journal.of(id, hash));
      }
    }
  } finally {
    await repositories.close();
  }
  tell("");
  await lm.model.dispose();
  const comparison = compare(results);
  const whole = { model: lm.about.name, tokensBetween: length, comparison, results };
  process.stdout.write(json ? `${JSON.stringify(whole)}\n` : formatComparison(comparison));
}

type Askable = ReadTask & { readonly repo: readonly RepoFile[] };

function isAskable(task: ReadTask): task is Askable {
  return task.kind === "text" && task.repo !== undefined;
}
