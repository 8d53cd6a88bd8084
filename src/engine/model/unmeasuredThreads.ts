// With how many threads a model runs where nothing was measured: tuning/ finds out what is fastest.

/**
 * One of tuning's candidates. onnxruntime would take every core of the machine, also those that a container may not use, and
 * bind a thread to each, in every window to the same.
 */
export function unmeasuredThreads(processors: number): number {
  const half = Math.ceil(processors / 2);
  return Math.min(processors, Math.max(2, Math.min(half, MOST_UNMEASURED_THREADS)));
}

/** The machine may be shared with many. */
const MOST_UNMEASURED_THREADS = 8;
