// A model in whose runs somebody else has a part, such as a clock.

import type { Model } from "./model";

/** The same model, whose runs are those of `forward`. */
export function withForward(model: Model, forward: Model["forward"]): Model {
  const { architecture, runLengths, emptyState } = model;
  return { architecture, runLengths, emptyState, forward, dispose: () => model.dispose() };
}
