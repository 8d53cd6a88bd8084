// Evaluation tasks: what TASKS.jsonl holds, one JSON object a line, and the repositories that it names.

export interface Task {
  readonly id: string;
  /** `text`: how likely is `expected`? `span`: is `expected` what the model writes between prefix and suffix? */
  readonly kind: "text" | "span";
  readonly path: string;
  readonly prefix: string;
  readonly suffix: string;
  readonly expected: string;
  /** The files around the task's own, or the name of a file that lists them, one JSON object a line. */
  readonly repo?: readonly RepoFile[] | string;
}

export interface RepoFile {
  /** In the repository, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** Reads the lines of a task file. Throws a sentence that names the line that is wrong. */
export function parseTasks(text: string): Task[] {
  const seen = new Set<string>();
  const tasks = parseLines(text, (json, where) => {
    const task = parseTask(json, where);
    // Results are found again by their tasks' ids.
    if (seen.has(task.id)) throw new Error(`${where}: another task has the id "${task.id}", too.`);
    seen.add(task.id);
    return task;
  });
  if (tasks.length === 0) throw new Error("There is no task in the file.");
  return tasks;
}

/** Reads the lines of a repository's file. */
export function parseRepo(text: string): RepoFile[] {
  return parseLines(text, parseRepoFile);
}

/** The first `limit` tasks of each repository and kind of id: `python-text-1` and `python-text-2` are of one kind. */
export function firstOfEach(tasks: readonly Task[], limit: number): Task[] {
  const counts = new Map<string, number>();
  return tasks.filter(({ id, repo }) => {
    const kind = `${id.replace(/-\d+$/, "")} ${typeof repo === "string" ? repo : ""}`;
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    return count <= limit;
  });
}

function parseLines<T>(text: string, parse: (json: unknown, where: string) => T): T[] {
  return text.split("\n").flatMap((line, index) => {
    if (line.trim() === "") return [];
    const where = `Line ${index + 1}`;
    let json: unknown;
    try {
      json = JSON.parse(line);
    } catch (cause) {
      throw new Error(`${where} is not JSON.`, { cause });
    }
    return [parse(json, where)];
  });
}

function parseTask(json: unknown, where: string): Task {
  const { kind, repo } = (json ?? {}) as Record<string, unknown>;
  if (kind !== "text" && kind !== "span") {
    throw new Error(`${where}: "kind" must be "text" or "span", not ${JSON.stringify(kind)}.`);
  }
  const string = stringsOf(json, where);
  const expected = string("expected");
  if (expected === "") throw new Error(`${where}: "expected" is empty.`);
  const texts = { path: string("path"), prefix: string("prefix"), suffix: string("suffix"), expected };
  const task: Task = { id: string("id"), kind, ...texts };
  if (repo === undefined) return task;
  if (typeof repo !== "string" && !Array.isArray(repo)) {
    throw new Error(`${where}: "repo" must be a list of files or the name of one that lists them.`);
  }
  const files = typeof repo === "string" ? repo : repo.map((file) => parseRepoFile(file, where));
  return { ...task, repo: files };
}

function parseRepoFile(json: unknown, where: string): RepoFile {
  const string = stringsOf(json, where);
  return { path: string("path"), text: string("text") };
}

function stringsOf(json: unknown, where: string): (key: string) => string {
  return (key) => {
    const value = (json as Record<string, unknown> | null)?.[key];
    if (typeof value !== "string")
      throw new Error(`${where}: "${key}" must be a string, not ${JSON.stringify(value)}.`);
    return value;
  };
}
