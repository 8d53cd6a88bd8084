// What a trunk should read next. Plain values in and out.

import type { ChainEntry, ChainLink } from "../stateStore/keys";

/** A file as it is now. */
export interface WantedFile extends ChainEntry {
  /** False while it is being edited: it is read when it has come to rest. */
  readonly isSettled: boolean;
}

export type TrunkPlan<File extends ChainLink = WantedFile> =
  /** Go on from where the trunk stands. */
  | { readonly type: "append"; readonly files: readonly File[] }
  /** Become a trunk that has read these, in this order, for as much of them as can be kept. */
  | { readonly type: "renew"; readonly files: readonly File[]; readonly reason: "waste" | "length" };

/** More than this share of a trunk read in vain, and it is read anew from the first such file. */
const MOST_WASTE = 0.25;
/** Where not all fit, a file that takes more than this share of a trunk may not be worth what it keeps out. */
const LARGEST_SHARE = 0.25;

/**
 * @param read what the trunk has read, in its order
 * @param wanted every file there is, in the order in which a fresh trunk would read them
 * @param maxTokens what a fresh trunk reads at most
 */
export function planTrunk(read: readonly ChainEntry[], wanted: readonly WantedFile[], maxTokens: number): TrunkPlan {
  const fresh = lastTokens(wanted, maxTokens);
  const now = new Map(wanted.map((file) => [file.path, file]));
  const newest = new Map(read.map((file) => [file.path, file]));
  const waste = sum(read.filter((file) => newest.get(file.path) !== file || isOutdated(file, now.get(file.path))));
  if (waste > MOST_WASTE * sum(read)) return { type: "renew", files: fresh, reason: "waste" };

  const missing = fresh.filter((file) => {
    const before = newest.get(file.path);
    return before === undefined || (before.hash !== file.hash && file.isSettled);
  });
  const isTooLong = sum(read) + sum(missing) > maxTokens * (1 + MOST_WASTE);
  return isTooLong ? { type: "renew", files: fresh, reason: "length" } : { type: "append", files: missing };
}

/** Files that a fresh trunk does without for their size: the largest, until the others fit. */
export function tooLarge(files: readonly WantedFile[], maxTokens: number): readonly WantedFile[] {
  const large = files.filter(({ tokens }) => tokens > LARGEST_SHARE * maxTokens).sort((a, b) => b.tokens - a.tokens);
  let tokens = sum(files);
  const enough = large.findIndex((file) => {
    if (tokens <= maxTokens) return true;
    tokens -= file.tokens;
    return false;
  });
  return enough === -1 ? large : large.slice(0, enough);
}

/** The files at the end that fit: the order is by stability, so the latest changed come last. */
function lastTokens(files: readonly WantedFile[], maxTokens: number): readonly WantedFile[] {
  const without = new Set(tooLarge(files, maxTokens));
  const candidates = files.filter((file) => !without.has(file));
  let tokens = 0;
  const tooMany = candidates.findLastIndex((file) => {
    tokens += file.tokens;
    return tokens > maxTokens;
  });
  return candidates.slice(tooMany + 1);
}

function isOutdated(read: ChainEntry, now: WantedFile | undefined): boolean {
  // What is being edited right now is outdated all the time; that is no reason to read everything after it again.
  return now === undefined || (now.hash !== read.hash && now.isSettled);
}

/** How many files two chains share from their beginning on. */
export function commonChain(a: readonly ChainLink[], b: readonly ChainLink[]): number {
  const limit = Math.min(a.length, b.length);
  let count = 0;
  while (count < limit && a[count]!.path === b[count]!.path && a[count]!.hash === b[count]!.hash) count++;
  return count;
}

function sum(files: readonly ChainEntry[]): number {
  return files.reduce((total, { tokens }) => total + tokens, 0);
}
