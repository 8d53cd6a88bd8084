// Asks the disk about many files, some at once: the pool of threads that does it is small.

/** File system calls under way at once. */
export const CALLS = 32;

/** What `ask` says of each. @throws the signal's reason when it is aborted */
export async function someAtOnce<T, R>(
  items: readonly T[],
  ask: (item: T) => Promise<R>,
  signal: AbortSignal | undefined,
): Promise<R[]> {
  const answers: R[] = [];
  for (let start = 0; start < items.length; start += CALLS) {
    signal?.throwIfAborted();
    answers.push(...(await Promise.all(items.slice(start, start + CALLS).map(ask))));
  }
  return answers;
}
