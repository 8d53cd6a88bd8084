// Long work in slices of a few milliseconds, between which a key, a cancel or a question goes first.

import { setImmediate } from "node:timers/promises";

const SLICE_MS = 8;
/** So many take less than a slice, whatever they are. */
const STEPS = 512;

export class Slices {
  #endsAt = performance.now() + SLICE_MS;

  /** To be asked between small steps: resolves at once until the slice is over. */
  async rest(): Promise<void> {
    if (performance.now() < this.#endsAt) return;
    await setImmediate();
    this.#endsAt = performance.now() + SLICE_MS;
  }
}

/** Takes these values one after the other, in slices. */
export async function eachInSlices<T>(values: Iterable<T>, take: (value: T) => void): Promise<void> {
  const slices = new Slices();
  let count = 0;
  for (const value of values) {
    take(value);
    if (++count % STEPS === 0) await slices.rest();
  }
}

/** A set of these values, in slices. */
export async function setInSlices<T>(values: Iterable<T>): Promise<Set<T>> {
  const set = new Set<T>();
  await eachInSlices(values, (value) => set.add(value));
  return set;
}

/** As `toSorted`, in slices: parts of the list are sorted, and then merged two at a time. */
export async function sortedInSlices<T>(values: readonly T[], compare: (a: T, b: T) => number): Promise<T[]> {
  const slices = new Slices();
  let parts: T[][] = [];
  for (let at = 0; at < values.length; at += STEPS) {
    parts.push(values.slice(at, at + STEPS).sort(compare));
    await slices.rest();
  }
  while (parts.length > 1) {
    const merged: T[][] = [];
    for (let at = 0; at < parts.length; at += 2)
      merged.push(await mergedOf(parts[at]!, parts[at + 1] ?? [], compare, slices));
    parts = merged;
  }
  return parts[0] ?? [];
}

async function mergedOf<T>(
  one: readonly T[],
  other: readonly T[],
  compare: (a: T, b: T) => number,
  slices: Slices,
): Promise<T[]> {
  const merged: T[] = [];
  let [at, otherAt] = [0, 0];
  while (at < one.length || otherAt < other.length) {
    const isOther = at === one.length || (otherAt < other.length && compare(one[at]!, other[otherAt]!) > 0);
    merged.push(isOther ? other[otherAt++]! : one[at++]!);
    if (merged.length % STEPS === 0) await slices.rest();
  }
  return merged;
}
