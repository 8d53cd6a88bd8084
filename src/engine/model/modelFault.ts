// A model that cannot be used. The message is a sentence without a next step: who shows it adds that, by the kind.

import type { ModelFaultKind } from "../../protocol/modelFaultKind";

export class ModelFault extends Error {
  constructor(
    readonly kind: ModelFaultKind,
    sentence: string,
    options?: ErrorOptions,
  ) {
    super(sentence, options);
  }
}

/** For a message to another process, which has no classes. */
export function kindOfFault(error: unknown): { readonly fault?: ModelFaultKind } {
  return error instanceof ModelFault ? { fault: error.kind } : {};
}
