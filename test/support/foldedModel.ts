// A model whose few tokens stand for the many of a real tokenizer: tiny arithmetic, real prompts.

import type { Model, TokenId } from "../../src/engine/model/model";

export function foldedModel(inner: Model): Model {
  const { architecture, emptyState } = inner;
  // Not a plain remainder: neighbours in a vocabulary must not become neighbours here.
  const fold = (id: TokenId) => Math.imul(id, 0x9e3779b1) >>> 0;
  return {
    architecture,
    emptyState,
    forward: (tokens, state, rows) =>
      inner.forward(
        tokens.map((id) => fold(id) % architecture.vocabSize),
        state,
        rows,
      ),
    dispose: () => inner.dispose(),
  };
}

/** A model that computes nothing, for asking which tokens would be run. */
export function idleModel({ architecture, emptyState }: Model): Model {
  const logits = new Float32Array(architecture.vocabSize);
  return {
    architecture,
    emptyState,
    forward: async (tokens, state, rows) => ({
      state: { ...state, position: state.position + tokens.length },
      logits: rows.length > 0 ? logits : logits.subarray(0, 0),
    }),
    dispose: async () => {},
  };
}
