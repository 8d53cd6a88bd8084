// When each file was last committed, from one run of `git log`.

import { words } from "../../text/words";
import { setInSlices } from "../slices";
import { composedName } from "./composedName";
import { MOST_OF_A_PATH, runGit } from "./gitCommand";

export interface CommitTimes {
  /** Path → seconds since 1970 of the newest commit that touched it. */
  readonly seconds: ReadonlyMap<string, number>;
  /** If true, a file without a time was never committed; if false, it is older than every file with one. */
  readonly complete: boolean;
  /** Git was ended before it came to its end, or to the most commits: another look may see more. */
  readonly isCut: boolean;
}

export interface HistoryOptions {
  readonly signal?: AbortSignal | undefined;
  /** Which are looked at, as git names them; absent: all that led to what is checked out. */
  readonly commits?: string;
  /** For tests. */
  readonly maxCommits?: number;
  /** For tests. */
  readonly timeoutMs?: number;
  /** For tests: the program. */
  readonly git?: string;
}

const MAX_COMMITS = 20_000;
const TIMEOUT_MS = 15_000;

/** What git said by the time-out counts, too. `undefined` when there is no git, no repository or no commit. */
export async function readCommitTimes(
  root: string,
  paths: readonly string[],
  options: HistoryOptions = {},
): Promise<CommitTimes | undefined> {
  const maxCommits = options.maxCommits ?? MAX_COMMITS;
  const unseen = await setInSlices(paths);
  if (unseen.size === 0) return { seconds: new Map(), complete: true, isCut: false };
  const seconds = new Map<string, number>();
  let commits = 0;
  let time = 0;
  let rest = "";
  const read = (chunk: string): boolean => {
    const words = (rest + chunk).split("\0");
    rest = words.pop()!;
    for (const word of words) {
      const commit = COMMIT.exec(word);
      if (commit) {
        commits++;
        time = Number(commit[1]);
      } else {
        const path = composedName(word.replace(/^\n/, ""));
        if (unseen.delete(path)) seconds.set(path, time);
      }
    }
    return unseen.size > 0 && rest.length <= MOST_OF_A_PATH;
  };
  const end = await runGit(root, [...LOG, `--max-count=${maxCommits}`, options.commits ?? "HEAD", "--", "."], read, {
    timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
    signal: options.signal,
    git: options.git,
    isUrgent: false,
  });
  if (end !== "done" && commits === 0) return undefined;
  const complete = unseen.size === 0 || (end === "done" && commits < maxCommits);
  return { seconds, complete, isCut: end === "interrupted" };
}

/** How a commit begins in the output; no relative path begins with a slash. A line end stands before a commit's first path. */
const COMMIT = /^\/\/@(\d+)$/;

/**
 * All that a repository's settings could change about the output is said here, in words that git 2.20 knows, which Debian 10 has.
 * Renames would need the files' contents.
 */
const LOG = words(`
  -c log.mailmap=false log -z --format=//@%ct --name-only --relative --root --no-renames -O/dev/null --no-color
  --no-ext-diff --no-textconv --no-show-signature --no-notes --no-decorate --ignore-submodules=all
`);
