// Tells the user what is being done and how long it took. One line when a step begins and one when it ends,
// so that steps may run side by side and a log file stays readable.

/**
 * @template T
 * @param {string} title
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(title, work) {
  const startedAt = performance.now();
  console.log(`  … ${title}`);
  try {
    const result = await work();
    console.log(`  ✓ ${title} (${seconds(performance.now() - startedAt)})`);
    return result;
  } catch (error) {
    console.log(`  ✗ ${title}`);
    throw error;
  }
}

/** @param {string} title */
export function alreadyDone(title) {
  console.log(`  ✓ ${title}`);
}

/** @param {number} ms */
export function seconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`;
}
