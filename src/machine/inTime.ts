// A wait for something that may never come to an end, such as a disk that has gone.

/** What comes of `work`, or of `otherwise` where that takes longer. The work goes on all the same. */
export async function inTime<T>(work: Promise<T>, patienceMs: number, otherwise: () => T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(otherwise()), patienceMs);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
