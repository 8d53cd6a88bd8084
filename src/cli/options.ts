// Options that several commands share, and their readers.

import { join } from "node:path";
import { InvalidArgumentError, Option } from "commander";
import { mostThreads } from "../machine/mostThreads";

/** The model in the package: dist/cli.js lies beside models/. */
const BUNDLED_MODEL = join(__dirname, "..", "models", "griffin-code-small");

export function modelOption(): Option {
  return new Option("--model <dir>", "model folder").default(BUNDLED_MODEL, "the bundled model");
}

export function threadsOption(): Option {
  return new Option("--threads <n>", "threads for the model; 0 chooses automatically").default(0).argParser(threads);
}

function threads(text: string): number {
  const value = count(text);
  const most = mostThreads();
  if (value > most) throw new InvalidArgumentError(`It must be at most ${most}, four for each processor.`);
  return value;
}

/** As the editor's settings have it: griffin.repository.maxTokens. */
export const DEFAULT_REPOSITORY_TOKENS = 200_000;

export function repoTokensOption(): Option {
  return new Option("--repo-tokens <n>", "read at most this many tokens of the repository")
    .default(DEFAULT_REPOSITORY_TOKENS)
    .argParser(count);
}

export function jsonOption(what = "one JSON object"): Option {
  return new Option("--json", `print ${what}`);
}

/** Reads a whole number of at least 0. */
export function count(text: string): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value)) throw new InvalidArgumentError("It must be a whole number.");
  return value;
}

/** Reads a whole number of at least 1. */
export function countFromOne(text: string): number {
  const value = count(text);
  if (value === 0) throw new InvalidArgumentError("It must be at least 1.");
  return value;
}

/** Reads a list of whole numbers of at least 1, separated by commas. */
export function counts(text: string): number[] {
  return text.split(",").map(countFromOne);
}
