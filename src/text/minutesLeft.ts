/** How far a job is that an earlier attempt may have begun. */
export interface Begun {
  readonly doneBytes: number;
  readonly totalBytes: number;
  /** Of those that are done: by an earlier attempt, which says nothing of this one's speed. */
  readonly earlierBytes: number;
}

/** A first guess of the time that is left is worth nothing. */
const GUESS_AFTER_MS = 10_000;

/** Whole minutes, after `passedMs` of this attempt; undefined where they are not known, or less than one. */
export function minutesLeft({ doneBytes, totalBytes, earlierBytes }: Begun, passedMs: number): number | undefined {
  const minutes = (passedMs * (totalBytes - doneBytes)) / (doneBytes - earlierBytes) / 60_000;
  const isKnown = passedMs >= GUESS_AFTER_MS && Number.isFinite(minutes) && minutes >= 1;
  return isKnown ? Math.round(minutes) : undefined;
}
