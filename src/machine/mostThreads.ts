// How many threads the model may be given here: more would only wait for each other, and the runtime starts as many as it is told.

import { availableParallelism } from "node:os";

export function mostThreads(): number {
  return 4 * availableParallelism();
}
