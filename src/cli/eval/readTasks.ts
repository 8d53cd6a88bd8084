// Reads task files as `griffin eval` runs them: the tasks that are wanted, with their repositories.

import { dirname, join } from "node:path";
import { parseInput } from "../readable";
import { firstOfEach, parseRepo, parseTasks, type RepoFile, type Task } from "./tasks";

/** A task with its repository's files in place of their name. */
export type ReadTask = Omit<Task, "repo"> & { readonly repo?: readonly RepoFile[] };

export interface ReadingTasks {
  /** Only each Nth task of a file. */
  readonly every?: number | undefined;
  /** Only the first tasks of each kind and repository. */
  readonly limit?: number | undefined;
  /** False: spans are completed as if nothing stood after them, under ids that tell it. */
  readonly suffix?: boolean;
}

/** The tasks of all files; those of one repository stand together. Throws where an id names tasks of two files: results go by it. */
export async function readTasks(
  files: readonly string[],
  { every = 1, limit, suffix = true }: ReadingTasks,
): Promise<ReadTask[]> {
  const repos = new Map<string, readonly RepoFile[]>();
  const tasks: ReadTask[] = [];
  for (const file of files) {
    const all = (await parseInput(file, parseTasks)).filter((_, index) => index % every === 0);
    const some = limit === undefined ? all : firstOfEach(all, limit);
    const chosen = suffix ? some : some.map(withoutSuffix);
    for (const { repo, ...task } of chosen) {
      if (typeof repo !== "string") {
        tasks.push({ ...task, ...(repo && { repo }) });
        continue;
      }
      const place = join(dirname(file), repo);
      if (!repos.has(place)) repos.set(place, await parseInput(place, parseRepo));
      tasks.push({ ...task, repo: repos.get(place)! });
    }
  }
  const ids = tasks.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw new Error(`Two of the files have a task with the id "${twice}". Name one at a time.`);
  const order = [...new Set(tasks.map(({ repo }) => repo))];
  return order.flatMap((repo) => tasks.filter((task) => task.repo === repo));
}

function withoutSuffix(task: Task): Task {
  return task.kind === "span" ? { ...task, id: `${task.id}-no-suffix`, suffix: "" } : task;
}
