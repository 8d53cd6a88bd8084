// The results of a run that may be cut short: a line each, written as soon as they are there, and found by the next run.

import { appendFile, readFile, writeFile } from "node:fs/promises";
import { objectOf, parseJson } from "../../text/json";

export class Journal<R extends { readonly id: string }> {
  private constructor(
    private readonly file: string | undefined,
    private readonly setting: string,
    private readonly results: R[],
  ) {}

  /**
   * Throws a sentence when the file's results were measured under another setting, or it holds something else.
   * @param file absent: nothing is kept
   * @param setting all that the results depend on besides their ids: the model, for one
   */
  static async open<R extends { readonly id: string }>(file: string | undefined, setting: string): Promise<Journal<R>> {
    if (file === undefined) return new Journal(undefined, setting, []);
    const text = await readFile(file, "utf8").catch(orNothing);
    // What belongs to a line that was cut short is measured again.
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    const lines = whole.split("\n").filter((line) => line !== "");
    const results = lines.map((line) => {
      const value = parseJson(line);
      const { setting: own, ...result } = objectOf(value);
      if (own === setting) return result as unknown as R;
      const what = own === undefined ? "lines that this command did not write" : `results of ${own}`;
      throw new Error(`${file} has ${what}, and this run is of ${setting}. Name another file.`);
    });
    const isOurs = lines.length > 0 || text === "" || text.startsWith('{"id":');
    if (!isOurs) throw new Error(`${file} is no file of results. Name another one.`);
    if (whole !== text) await writeFile(file, whole);
    return new Journal(file, setting, results);
  }

  /** What an earlier run measured of the task. */
  of(id: string): R[] {
    return this.results.filter((result) => result.id === id);
  }

  get all(): readonly R[] {
    return this.results;
  }

  async add(results: readonly R[]): Promise<void> {
    this.results.push(...results);
    if (this.file === undefined) return;
    const lines = results.map((one) => `${JSON.stringify({ ...one, setting: this.setting })}\n`);
    await appendFile(this.file, lines.join(""));
  }
}

function orNothing(error: NodeJS.ErrnoException): string {
  if (error.code === "ENOENT") return "";
  throw error;
}
