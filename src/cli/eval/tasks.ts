// Evaluation tasks: what TASKS.jsonl holds, one JSON object a line.

export interface Task {
  readonly id: string;
  /** `text`: how likely is `expected`? `span`: is `expected` what the model writes between prefix and suffix? */
  readonly kind: "text" | "span";
  readonly path: string;
  readonly prefix: string;
  readonly suffix: string;
  readonly expected: string;
}

/** Reads the lines of a task file. Throws a sentence that names the line that is wrong. */
export function parseTasks(text: string): Task[] {
  const tasks: Task[] = [];
  text.split("\n").forEach((line, index) => {
    if (line.trim() !== "") tasks.push(parseTask(line, `Line ${index + 1}`));
  });
  if (tasks.length === 0) throw new Error("There is no task in the file.");
  return tasks;
}

function parseTask(line: string, where: string): Task {
  let json: Record<string, unknown>;
  try {
    json = JSON.parse(line);
  } catch (cause) {
    throw new Error(`${where} is not JSON.`, { cause });
  }
  const { kind } = json;
  if (kind !== "text" && kind !== "span") {
    throw new Error(`${where}: "kind" must be "text" or "span", not ${JSON.stringify(kind)}.`);
  }
  const string = (key: string): string => {
    const value = json[key];
    if (typeof value !== "string")
      throw new Error(`${where}: "${key}" must be a string, not ${JSON.stringify(value)}.`);
    return value;
  };
  const expected = string("expected");
  if (expected === "") throw new Error(`${where}: "expected" is empty.`);
  return { id: string("id"), kind, path: string("path"), prefix: string("prefix"), suffix: string("suffix"), expected };
}
