// Which saved states go when files of a workspace folder may not be known any more. Plain values in and out.

import type { ChainLink, StateKey } from "./keys";

/** What is known of a saved state without its numbers. */
export interface SavedState {
  readonly key: StateKey;
  /** Undefined when its file cannot be read. */
  readonly chain: readonly ChainLink[] | undefined;
  /** Whether it is the folder's. */
  readonly isOwn: boolean;
}

/**
 * Of `saved`, what has read one of `paths`, or may have. Another folder's file of the same path is another file, unless it
 * has the same text.
 * @param read what the folder has read besides
 */
export function statesToForget(
  saved: readonly SavedState[],
  paths: ReadonlySet<string>,
  read: readonly ChainLink[],
): StateKey[] {
  const isNamed = ({ path }: ChainLink) => paths.has(path);
  const own = saved.flatMap(({ chain, isOwn }) => (isOwn && chain) || []);
  const texts = new Set([...own, ...read].filter(isNamed).map(nameOfText));
  const hasText = (link: ChainLink) => texts.has(nameOfText(link));
  return saved.filter(({ chain, isOwn }) => chain?.some(isOwn ? isNamed : hasText) ?? true).map(({ key }) => key);
}

function nameOfText({ path, hash }: ChainLink): string {
  return JSON.stringify([path, hash]);
}
