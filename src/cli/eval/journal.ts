// The results of a run that may be cut short: a line each, written as soon as they are there, and found by the next run.

import { appendFile, readFile, writeFile } from "node:fs/promises";
import { objectOf, parseJson } from "../../text/json";

interface Entry<R> {
  readonly result: R;
  /** See `of`. */
  readonly task: string | undefined;
}

export class Journal<R extends { readonly id: string }> {
  private constructor(
    private readonly file: string | undefined,
    private readonly setting: string,
    private readonly entries: Entry<R>[],
  ) {}

  /**
   * Throws a sentence when the file's results were measured under another setting, or it holds something else.
   * @param file absent: nothing is kept
   * @param setting all that the results depend on besides their tasks: the model, for one
   */
  static async open<R extends { readonly id: string }>(file: string | undefined, setting: string): Promise<Journal<R>> {
    if (file === undefined) return new Journal(undefined, setting, []);
    const text = await readFile(file, "utf8").catch(orNothing);
    // What belongs to a line that was cut short is measured again.
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    const lines = whole.split("\n").filter((line) => line !== "");
    const entries = lines.map((line) => {
      const { setting: own, task, ...result } = objectOf(parseJson(line));
      if (own === setting) return { result, task } as unknown as Entry<R>;
      const what = own === undefined ? "lines that this command did not write" : `results of ${own}`;
      throw new Error(`${file} has ${what}, and this run is of ${setting}. Name another file.`);
    });
    const isOurs = lines.length > 0 || text === "" || text.startsWith('{"id":');
    if (!isOurs) throw new Error(`${file} is not a results file. Name another one.`);
    if (whole !== text) await writeFile(file, whole);
    return new Journal(file, setting, entries);
  }

  /**
   * What was measured of the task.
   * @param task tells it from another of the same id; absent: the setting does
   */
  of(id: string, task?: string): R[] {
    const entries = this.entries.filter((entry) => entry.result.id === id && entry.task === task);
    return entries.map(({ result }) => result);
  }

  /**
   * A sentence where tasks have changed, and nothing was measured of them as they are now.
   * @param tasks each as `of` takes it
   */
  changesIn(tasks: readonly (readonly [id: string, task: string])[]): string | undefined {
    const changed = new Set(tasks.filter(([id, task]) => this.of(id, task).length === 0).map(([id]) => id));
    const { length } = this.entries.filter(({ result }) => changed.has(result.id));
    if (length === 0) return undefined;
    return `${length} results in ${this.file} are of tasks that have changed, and are measured again.`;
  }

  get all(): readonly R[] {
    return this.entries.map(({ result }) => result);
  }

  async add(results: readonly R[], task?: string): Promise<void> {
    this.entries.push(...results.map((result) => ({ result, task })));
    if (this.file === undefined) return;
    const lines = results.map((result) => `${JSON.stringify({ ...result, task, setting: this.setting })}\n`);
    await appendFile(this.file, lines.join(""));
  }
}

function orNothing(error: NodeJS.ErrnoException): string {
  if (error.code === "ENOENT") return "";
  throw error;
}
