// When files were last committed, from one look to the next: while a history only grows, git is asked for what is new alone.

import { setInSlices } from "../slices";
import { type CommitTimes, type HistoryOptions, readCommitTimes } from "./commitTimes";
import { gitOutput } from "./gitCommand";

interface Look {
  readonly root: string;
  /** The commit whose history was looked at. */
  readonly head: string;
  readonly paths: readonly string[];
  readonly times: CommitTimes;
}

const TIMEOUT_MS = 5_000;

export class CommitHistory {
  #last: Look | undefined;

  /** As `readCommitTimes`. */
  async times(root: string, paths: readonly string[], options: HistoryOptions = {}): Promise<CommitTimes | undefined> {
    const head = await headOf(root, options);
    if (head === undefined) return readCommitTimes(root, paths, options);
    const grown = await this.#grown(root, head, paths, options);
    const times = grown ?? (await readCommitTimes(root, paths, { ...options, commits: head }));
    if (times !== undefined && !times.isCut) this.#last = { root, head, paths, times };
    return times;
  }

  /** What was known and what has come since; undefined where that does not say it for all paths. */
  async #grown(
    root: string,
    head: string,
    paths: readonly string[],
    options: HistoryOptions,
  ): Promise<CommitTimes | undefined> {
    const last = this.#last;
    if (last?.root !== root) return undefined;
    const newer = await newerThan(last, head, paths, options);
    if (newer === undefined) return undefined;
    const timeless = paths.filter((path) => !newer.has(path) && !last.times.seconds.has(path));
    const known = timeless.length > 0 ? await setInSlices(last.paths) : undefined;
    // A path that was not asked for the last time may have an older commit, for which nobody has looked.
    if (!timeless.every((path) => known?.has(path))) return undefined;
    const seconds = new Map(last.times.seconds);
    // A merge brings commits that may be older than those that are known.
    for (const [path, time] of newer) seconds.set(path, Math.max(time, seconds.get(path) ?? 0));
    return { ...last.times, seconds };
  }
}

/** The times in commits since the last look; undefined where its commit is not in this history. */
async function newerThan(
  last: Look,
  head: string,
  paths: readonly string[],
  options: HistoryOptions,
): Promise<ReadonlyMap<string, number> | undefined> {
  if (last.head === head) return new Map();
  const { root } = last;
  const ask = ["merge-base", "--is-ancestor", last.head, head];
  if ((await gitOutput(root, ask, { timeoutMs: TIMEOUT_MS, ...options })).end !== "done") return undefined;
  const newer = await readCommitTimes(root, paths, { ...options, commits: `${last.head}..${head}` });
  return newer?.complete ? newer.seconds : undefined;
}

async function headOf(root: string, options: HistoryOptions): Promise<string | undefined> {
  const ask = ["rev-parse", "--verify", "HEAD"];
  const { end, output } = await gitOutput(root, ask, { timeoutMs: TIMEOUT_MS, ...options });
  const head = output.trim();
  return end === "done" && /^[0-9a-f]{40,64}$/.test(head) ? head : undefined;
}
