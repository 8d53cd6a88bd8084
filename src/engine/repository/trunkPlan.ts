// What a trunk should read next. Plain values in and out.

import type { ChainEntry, ChainLink } from "../stateStore/keys";

export interface TrunkPlan {
  /**
   * "append": go on from where the trunk stands. "renew": become a trunk that has read these, in this order, for as much of
   * them as can be kept.
   */
  readonly type: "append" | "renew";
  readonly files: readonly ChainEntry[];
}

/** More than this share of a trunk read in vain, and it is read anew from the first such file. */
const MOST_WASTE = 0.25;
/** A trunk that is read anew leaves at least this share free for edits: without room, the next ones would have it read anew again. */
const FREE_SHARE = MOST_WASTE / 2;
/** Where not all fit, a file that takes more than this share of a trunk may not be worth what it keeps out. */
const LARGEST_SHARE = 0.25;

/**
 * @param read what the trunk has read, in its order
 * @param wanted every file there is, in the order in which a fresh trunk would read them
 * @param maxTokens what a trunk reads at most
 * @param isSettled false for a file that is being edited: it is read again when it has come to rest
 * @param freshTokens the limit for a trunk that is read anew, where it is lower: later files come a few at a time
 */
export function planTrunk(
  read: readonly ChainEntry[],
  wanted: readonly ChainEntry[],
  maxTokens: number,
  isSettled: (path: string) => boolean,
  freshTokens = maxTokens,
): TrunkPlan {
  const fresh = lastTokens(wanted, freshTokens);
  const mostTokens = maxTokens * (1 + MOST_WASTE);
  const now = new Map(wanted.map((file) => [file.path, file]));
  const newest = new Map(read.map((file) => [file.path, file]));
  // A file that is being edited is out of date all the time, which is no reason to read everything after it again.
  const hasChanged = (before: ChainEntry, file: ChainEntry) => before.hash !== file.hash && isSettled(file.path);
  const isWaste = (before: ChainEntry) => {
    const file = now.get(before.path);
    return newest.get(before.path) !== before || file === undefined || hasChanged(before, file);
  };
  const renewed = (): TrunkPlan => {
    return { type: "renew", files: keepingBeginning(fresh, read, now, mostTokens - maxTokens * FREE_SHARE) };
  };
  if (sumOfTokens(read.filter(isWaste)) > MOST_WASTE * sumOfTokens(read)) return renewed();

  const missing = fresh.filter((file) => {
    const before = newest.get(file.path);
    return before === undefined || hasChanged(before, file);
  });
  const isTooLong = sumOfTokens(read) + sumOfTokens(missing) > mostTokens;
  return isTooLong ? renewed() : { type: "append", files: missing };
}

/** Files that a fresh trunk does without for their size: the largest, until the others fit. */
export function tooLarge(files: readonly ChainEntry[], maxTokens: number): readonly ChainEntry[] {
  const large = files.filter(({ tokens }) => tokens > LARGEST_SHARE * maxTokens).sort((a, b) => b.tokens - a.tokens);
  let tokens = sumOfTokens(files);
  const enough = large.findIndex((file) => {
    if (tokens <= maxTokens) return true;
    tokens -= file.tokens;
    return false;
  });
  return enough === -1 ? large : large.slice(0, enough);
}

/** The files at the end that fit: the order is by stability, so the latest changed come last. */
function lastTokens(files: readonly ChainEntry[], maxTokens: number): readonly ChainEntry[] {
  const without = new Set(tooLarge(files, maxTokens));
  const candidates = files.filter((file) => !without.has(file));
  let tokens = 0;
  const tooMany = candidates.findLastIndex((file) => {
    tokens += file.tokens;
    return tokens > maxTokens;
  });
  return candidates.slice(tooMany + 1);
}

/**
 * The fresh files behind the beginning of the trunk that has not changed, if that is not too much: the beginning need not be
 * read again then.
 */
function keepingBeginning(
  fresh: readonly ChainEntry[],
  read: readonly ChainEntry[],
  now: ReadonlyMap<string, ChainEntry>,
  mostTokens: number,
): readonly ChainEntry[] {
  const changed = read.findIndex(({ path, hash }) => now.get(path)?.hash !== hash);
  const beginning = changed === -1 ? read : read.slice(0, changed);
  const kept = new Set(beginning.map(({ path }) => path));
  const files = [...beginning, ...fresh.filter(({ path }) => !kept.has(path))];
  return sumOfTokens(files) > mostTokens ? fresh : files;
}

/** How many files two chains share from their beginning on. */
export function commonChain(a: readonly ChainLink[], b: readonly ChainLink[]): number {
  const limit = Math.min(a.length, b.length);
  let count = 0;
  while (count < limit && a[count]!.path === b[count]!.path && a[count]!.hash === b[count]!.hash) count++;
  return count;
}

export function sumOfTokens(files: readonly ChainEntry[]): number {
  return files.reduce((total, { tokens }) => total + tokens, 0);
}
