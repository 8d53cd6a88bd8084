// What is found out about a model's memory, one line each.

import type { FactKind } from "./facts";

/** The state alone, and with the exact memory of all that was read, as in the product. */
export const CONDITIONS = ["state", "state+memory"] as const;
export type RecallCondition = (typeof CONDITIONS)[number];

export interface FactResult {
  readonly id: string;
  readonly kind: FactKind;
  readonly condition: RecallCondition;
  /** Tokens between the end of the fact and the file that asks for it; 0: asked before it was told. */
  readonly distance: number;
  readonly exact: boolean;
  /** −log2 of the answer's probability, and its UTF-8 bytes. */
  readonly bits: number;
  readonly bytes: number;
}

export interface PositionResult {
  readonly id: string;
  readonly kind: "position";
  readonly condition: RecallCondition;
  /** Where the bin begins; it ends at twice of it, or with the text. */
  readonly position: number;
  readonly bits: number;
  readonly bytes: number;
}

export type RecallResult = FactResult | PositionResult;
