// What was measured on this machine, kept in one small JSON file. Losing it costs the time to measure again.

import { createHash } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { availableParallelism, cpus } from "node:os";
import { dirname } from "node:path";
import { removeAbandoned, writeWhole } from "../../machine/wholeFile";
import { isCount, isObject, objectOf } from "../../text/json";
import type { ModelFolder } from "../model/modelFolder";
import type { Verdict } from "./choices";

/** One machine's measurements of one model. */
export interface Tuning {
  readonly threads: number;
  /** See tokenMsOf: with so many threads. Undefined where nothing was measured, as in no entry of the file. */
  readonly tokenMs: number | undefined;
  /** What is known of each provider besides the processor. */
  readonly providers: Readonly<Record<string, ProviderFinding>>;
}

export interface ProviderFinding {
  readonly verdict: Verdict | "failed";
  /** A phrase for `griffin doctor`. */
  readonly detail: string;
  /** How much faster it was, where the trial came to its end; see gainOf. */
  readonly gain?: number;
  /** The process that loads or runs a model with it. Where this stays, the process was ended by it, or with its window. */
  readonly unfinishedBy?: number;
  /** Whether a process before that one was ended so, too. */
  readonly hasEndedBefore?: true;
  /** When an engine was found to hang that had used it, in milliseconds since 1970. */
  readonly hungAt?: number;
  /** When it is tried anew, in milliseconds since 1970; absent: not by itself. */
  readonly tryAgainAt?: number;
}

const DAY_MS = 24 * 3_600_000;
/** Memory was short, a driver was being replaced, two windows were closed at once: what failed may work by then. */
const FAILED_TRY_AGAIN_MS = 7 * DAY_MS;
/** Another card, or another driver, may be there by then: no name of either is known. */
const USELESS_TRY_AGAIN_MS = 90 * DAY_MS;

export function failedFinding(detail: string): ProviderFinding {
  return { verdict: "failed", detail, tryAgainAt: Date.now() + FAILED_TRY_AGAIN_MS };
}

export function triedFinding(verdict: Verdict, detail: string, gain: number): ProviderFinding {
  const isUseless = verdict !== "faster";
  return { verdict, detail, gain, ...(isUseless && { tryAgainAt: Date.now() + USELESS_TRY_AGAIN_MS }) };
}

/** Raised when an entry says more, or when it should be measured anew, with other numbers of threads for instance. */
const FORMAT = 5;
/** Models that a user tries pile up slowly; the oldest entries go. */
const MOST_ENTRIES = 32;

/** Names what measurements hold for: the processor, its number, the runtime, the model's weights, the user's choice. */
export function tuningKey(model: ModelFolder, runtimeVersion: string, threads: number): string {
  const weights = Object.entries(model.files).map(([name, { sha256 }]) => `${name} ${sha256}`);
  const machine = `${process.platform}-${process.arch} ${cpus()[0]?.model ?? ""} × ${availableParallelism()}`;
  const parts = [FORMAT, machine, runtimeVersion, threads, JSON.stringify(model.architecture), ...weights.sort()];
  return createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 32);
}

export class TuningFile {
  constructor(private readonly path: string) {}

  async get(key: string): Promise<Tuning | undefined> {
    return (await this.#read())[key];
  }

  /** Keeps it. A disk that takes nothing means that it is measured again at the next start, and no more. */
  async set(key: string, tuning: Tuning): Promise<void> {
    const { [key]: _, ...others } = await this.#read();
    const entries = Object.fromEntries([...Object.entries(others), [key, tuning] as const].slice(-MOST_ENTRIES));
    try {
      await mkdir(dirname(this.path), { recursive: true });
      await writeWhole(this.path, [Buffer.from(JSON.stringify({ format: FORMAT, entries }))]);
    } catch {
      // As if it had never been measured.
    }
    await removeAbandoned(this.path);
  }

  async #read(): Promise<Record<string, Tuning>> {
    try {
      const { format, entries } = JSON.parse(await readFile(this.path, "utf8"));
      if (format !== FORMAT) return {};
      return Object.fromEntries(Object.entries(entries as object).filter(([, entry]) => isTuning(entry)));
    } catch {
      return {};
    }
  }
}

function isTuning(entry: unknown): entry is Tuning {
  const { threads, tokenMs, providers } = objectOf(entry);
  return isCount(threads) && threads > 0 && typeof tokenMs === "number" && tokenMs > 0 && isObject(providers);
}
