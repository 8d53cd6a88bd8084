// The file of what has been measured: a later run goes on where this one stopped, and all rows make one table.

import { existsSync } from "node:fs";
import { readFile, rename, writeFile } from "node:fs/promises";
import type { Agreement } from "./agreement";
import type { Measurement } from "./measurement";

/** What must be the same for all rows of one table. */
export interface Conditions {
  readonly machine: string;
  readonly threads: number;
  /** Bytes of the checkpoint's tensors. */
  readonly checkpointBytes: number;
}

export interface Row extends Measurement {
  readonly contender: string;
  /** Of the prompt, as wanted. */
  readonly tokens: number;
  readonly round: number;
  readonly measuredAt: string;
  /** Of its logits with DeepMind's at float32, after the same tokens: the prompt, or the beginning that both have read. */
  readonly agreement?: Agreement & { readonly tokens: number };
}

export class Results {
  private constructor(
    private readonly file: string | undefined,
    readonly conditions: Conditions,
    readonly rows: Row[],
  ) {}

  /** Throws a sentence when the file is of another machine, checkpoint or number of threads. */
  static async open(file: string | undefined, conditions: Conditions): Promise<Results> {
    if (file === undefined || !existsSync(file)) return new Results(file, conditions, []);
    const found: { conditions: Conditions; rows: Row[] } = JSON.parse(await readFile(file, "utf8"));
    for (const key of Object.keys(conditions) as (keyof Conditions)[]) {
      if (found.conditions[key] === conditions[key]) continue;
      throw new Error(
        `${file} was measured with ${key} ${found.conditions[key]}, not ${conditions[key]}: name another file.`,
      );
    }
    return new Results(file, conditions, found.rows);
  }

  has(contender: string, tokens: number, round: number): boolean {
    return this.rows.some((row) => isOf(row, contender, tokens, round));
  }

  /** Takes the place of an older row of the same. */
  async add(row: Row): Promise<void> {
    const older = this.rows.findIndex((other) => isOf(other, row.contender, row.tokens, row.round));
    this.rows.splice(older === -1 ? this.rows.length : older, 1, row);
    if (this.file === undefined) return;
    await writeFile(`${this.file}.new`, this.json());
    await rename(`${this.file}.new`, this.file);
  }

  json(): string {
    return `${JSON.stringify({ conditions: this.conditions, rows: this.rows }, null, 2)}\n`;
  }
}

function isOf(row: Row, contender: string, tokens: number, round: number): boolean {
  return row.contender === contender && row.tokens === tokens && row.round === round;
}
