// Asks git for one of its settings.

import { type GitEnd, gitOutput } from "./gitCommand";

/** A machine that has just woken up may take long. */
const TIMEOUT_MS = 10_000;

export interface GitSetting {
  readonly end: GitEnd;
  /** Empty unless git came to its end. */
  readonly value: string;
}

/** @param kind as what git shall read it, such as `--path` */
export async function gitSetting(
  folder: string,
  kind: string,
  name: string,
  place: readonly string[] = [],
): Promise<GitSetting> {
  const args = [...place, "config", "-z", kind, "--get", name];
  const { end, output } = await gitOutput(folder, args, { timeoutMs: TIMEOUT_MS });
  return { end, value: end === "done" ? output.split("\0", 1)[0]! : "" };
}
