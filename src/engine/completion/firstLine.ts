// How a suggestion's first line was chosen: how sure that was, and where it could as well have gone on otherwise, which is
// where other suggestions begin. What differs only further down looks the same.

import { likeliest } from "../decoding/logits";
import type { TokenId } from "../model/model";

/**
 * ln p of a first line that is suggested to somebody who has not asked. Of 82 single lines that were measured (half of
 * test/tasks/span.jsonl), 18 are less likely, all of them wrong, with most of the wrong signs; the 27 right ones are above −2.9.
 */
const LEAST_SURE = -4;

export interface Fork {
  /** How many tokens were chosen before. */
  readonly index: number;
  /** The likeliest token but the chosen one. */
  readonly token: TokenId;
  /** How much less likely it is, in nats; negative where something besides the model had a say in the choice. */
  readonly gap: number;
}

export class FirstLine {
  #forks: Fork[] = [];
  /** ln p of all choices together. */
  #sureness = 0;

  /** @param stop tokens that end a generation: a shorter suggestion is no other one */
  constructor(private readonly stop: readonly TokenId[]) {}

  /**
   * Begins with tokens that were chosen at once.
   * @param logShare ln of their share of all that could stand there
   */
  begin(logShare: number): void {
    this.#sureness = logShare;
  }

  /** Looks at one token, the one at `index`: at its logits, which are not kept, and the tokens that were `allowed`. */
  note(index: number, token: TokenId, logits: Float32Array, allowed?: readonly TokenId[]): void {
    const ranked = likeliest(logits, this.stop.length + 2, allowed);
    const other = ranked.find((id) => id !== token && !this.stop.includes(id));
    if (other !== undefined) this.#forks.push({ index, token: other, gap: logits[token]! - logits[other]! });
  }

  /**
   * Counts a token that was chosen by itself.
   * @param bits −log2 of how likely it was
   */
  chose(bits: number): void {
    this.#sureness -= Math.LN2 * bits;
  }

  /** Whether it is likely enough for somebody who has not asked. It gets less sure with every choice. */
  get isSure(): boolean {
    return this.#sureness >= LEAST_SURE;
  }

  /** The closest choice first. */
  get closest(): readonly Fork[] {
    return [...this.#forks].sort((a, b) => a.gap - b.gap);
  }
}
