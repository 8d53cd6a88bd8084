// How long work is cut into steps: a job asks for access to the model before each run.

/** Asked before every run of the model. Resolves when the job may run; rejects with `Cancelled` when it must end. */
export interface ModelAccess {
  nextRun(): Promise<void>;
}

/** Unwinds a job whose answer nobody wants any more; turned into a value where the job was started. */
export class Cancelled extends Error {
  constructor(readonly reason: string) {
    super(reason);
    this.name = "Cancelled";
  }
}

/** For work that shares the model with nobody: the command line, tests. */
export const undisturbed: ModelAccess = { nextRun: () => Promise.resolve() };
