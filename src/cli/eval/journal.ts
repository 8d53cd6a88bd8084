// The results of a run that may be cut short: a line each, written as soon as they are there, and found by the next run.

import { appendFile, readFile, writeFile } from "node:fs/promises";

export class Journal<R extends { readonly id: string }> {
  private constructor(
    private readonly file: string | undefined,
    private readonly results: R[],
  ) {}

  /** @param file absent: nothing is kept */
  static async open<R extends { readonly id: string }>(file: string | undefined): Promise<Journal<R>> {
    if (file === undefined) return new Journal(undefined, []);
    const text = await readFile(file, "utf8").catch(orNothing);
    // What belongs to a line that was cut short is measured again.
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    if (whole !== text) await writeFile(file, whole);
    const lines = whole.split("\n").filter((line) => line !== "");
    return new Journal(
      file,
      lines.map((line) => JSON.parse(line) as R),
    );
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
    if (this.file !== undefined) await appendFile(this.file, results.map((one) => `${JSON.stringify(one)}\n`).join(""));
  }
}

function orNothing(error: NodeJS.ErrnoException): string {
  if (error.code === "ENOENT") return "";
  throw error;
}
