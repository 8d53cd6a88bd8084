// How long work is cut into steps: a job asks for access to the model before each run.

/** Asked before every run of the model. Resolves when the job may run; rejects with `Cancelled` when it must end. */
export interface ModelAccess {
  nextRun(): Promise<void>;
  /** Aborted when the job must end, for what takes long between two runs; absent: only `nextRun` tells. */
  readonly signal?: AbortSignal | undefined;
  /** When somebody last began to wait for what was asked for before, by `performance.now`, and until when (see CompleteParams). */
  readonly raisedAt?: number | undefined;
  readonly answerBy?: number | undefined;
}

/** Unwinds a job whose answer nobody wants any more; turned into a value where the job was started. */
export class Cancelled extends Error {
  constructor(readonly reason: string) {
    super(reason);
    this.name = "Cancelled";
  }
}

/** Unwinds work that has had its time. */
export class TooLate extends Error {}

/** The same access, until time is up: then `nextRun` rejects with `TooLate`. */
export function within(access: ModelAccess, ms: number): ModelAccess {
  const deadline = performance.now() + ms;
  return {
    async nextRun() {
      if (performance.now() > deadline) throw new TooLate();
      await access.nextRun();
    },
  };
}

/** For work that shares the model with nobody: the command line, tests. */
export const undisturbed: ModelAccess = { nextRun: () => Promise.resolve() };
