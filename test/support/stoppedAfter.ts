import { Cancelled, type ModelAccess } from "../../src/engine/modelAccess";

/** Access to the model for a job that is stopped after so many runs. */
export function stoppedAfter(runs: number): ModelAccess {
  let left = runs;
  return {
    nextRun: async () => {
      if (left-- <= 0) throw new Cancelled("the next key came");
    },
  };
}
