// Begins to read files before their turn comes: a disk on the network takes several round trips for each, whichever are asked for.

/**
 * So many are being read while another one is worked on. Each asks the disk for two things at once: 14 of the threads, which other
 * disks need, too (see ENGINE_ENVIRONMENT).
 */
const MOST_AHEAD = 6;

/** @param read must not fail: nobody may come to ask what has become of it */
export function* prefetch<File, Read>(
  files: Iterable<File>,
  read: (file: File) => Read,
): Generator<{ readonly file: File; readonly reading: Read }> {
  const begun: { readonly file: File; readonly reading: Read }[] = [];
  for (const file of files) {
    begun.push({ file, reading: read(file) });
    if (begun.length > MOST_AHEAD) yield begun.shift()!;
  }
  yield* begun;
}
