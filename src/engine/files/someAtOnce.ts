// Asks the disk about many files, some at once: where it does not answer, threads are left for other disks (see ENGINE_ENVIRONMENT).

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
