// Where a generation could as well have gone on otherwise: the places from which other suggestions start.

import { likeliest } from "../logits";
import type { TokenId } from "../model/model";

export interface Fork {
  /** How many tokens were chosen before. */
  readonly index: number;
  /** The likeliest token but the chosen one. */
  readonly token: TokenId;
  /** How much less likely it is, in nats; negative where something besides the model had a say in the choice. */
  readonly gap: number;
}

export class Forks {
  #forks: Fork[] = [];

  /** @param stop tokens that end a generation: a shorter suggestion is no other one */
  constructor(private readonly stop: readonly TokenId[]) {}

  /** Looks at one choice, the one at `index`: of its logits, which are not kept, and of the tokens that were `allowed`. */
  note(index: number, chosen: TokenId, logits: Float32Array, allowed?: readonly TokenId[]): void {
    const ranked = likeliest(logits, this.stop.length + 2, allowed);
    const token = ranked.find((id) => id !== chosen && !this.stop.includes(id));
    if (token !== undefined) this.#forks.push({ index, token, gap: logits[chosen]! - logits[token]! });
  }

  /** The closest choice first. */
  get closest(): readonly Fork[] {
    return [...this.#forks].sort((a, b) => a.gap - b.gap);
  }
}
