// How a suggestion's first line was chosen: how likely that makes it, where it could as well have gone on otherwise, and where
// it could have ended. Other suggestions begin there. What differs only further down looks the same.

import { likeliest } from "../decoding/logits";
import type { TokenId } from "../model/model";

/**
 * ln p of a first line that is suggested to somebody who has not asked. Of 86 single lines that were measured (half of
 * test/tasks/span.jsonl), 13 are less likely, all of them wrong; the 27 right ones are above −2.1.
 */
export const LEAST_SURE = -3;

/** Tokens besides the chosen one that are remembered at each place. */
const OTHERS = 3;

export interface Fork {
  /** How many tokens were chosen before. */
  readonly index: number;
  /** One that was not chosen there. */
  readonly token: TokenId;
  /** How much less likely it is, in nats; negative where something besides the model had a say in the choice. */
  readonly gap: number;
  /** ln p of the line up to this token, which whatever goes on from there cannot exceed; undefined: not known. */
  readonly logShare: number | undefined;
}

export interface Ending {
  /** How many tokens were chosen before. */
  readonly index: number;
  /** What they say. */
  readonly text: string;
  /** ln p of the line that ends there. */
  readonly logShare: number;
}

/** A token that was chosen, and what it was chosen from. */
export interface Choice {
  /** How many tokens were chosen before, and what they say. */
  readonly index: number;
  readonly text: string;
  readonly token: TokenId;
  /** The model's. They are not kept. */
  readonly logits: Float32Array;
  /** The tokens that could stand there; absent: all. */
  readonly allowed?: readonly TokenId[] | undefined;
  /** How likely a token is there, whoever has a say in it. */
  readonly probability: (token: TokenId) => number;
}

export interface LineEnds {
  /** Tokens that end a text. */
  readonly stop: readonly TokenId[];
  /** Tokens that begin with the end of a line. */
  readonly newline: readonly TokenId[];
}

export class FirstLine {
  #forks: Fork[] = [];
  #endings: Ending[] = [];
  #logShare = 0;
  readonly #ends: ReadonlySet<TokenId>;

  constructor(private readonly ends: LineEnds) {
    this.#ends = new Set([...ends.stop, ...ends.newline]);
  }

  /**
   * Begins with tokens that were chosen at once.
   * @param logShare ln of their share of all that could stand there
   */
  begin(logShare: number): void {
    this.#logShare = logShare;
  }

  /** Looks at one of the tokens that it begins with. Of the last of them it is known what the others would have made of the share. */
  begun(choice: Choice, isLast: boolean): void {
    this.#fork(choice, isLast ? this.#logShare - Math.log(choice.probability(choice.token)) : undefined);
  }

  /** Looks at one token that was chosen by itself, and counts it. */
  chose(choice: Choice): void {
    const before = this.#logShare;
    this.#fork(choice, before);
    // Many tokens end a line: together they may be the likeliest, and each by itself not.
    let end = 0;
    for (const token of this.#ends) end += choice.probability(token);
    this.#endings.push({ index: choice.index, text: choice.text, logShare: before + Math.log(end) });
    this.#logShare += Math.log(this.#ends.has(choice.token) ? end : choice.probability(choice.token));
  }

  /** ln p of what was chosen so far. It gets less with every choice. */
  get logShare(): number {
    return this.#logShare;
  }

  /** Whether it is likely enough for somebody who has not asked. */
  get isSure(): boolean {
    return this.#logShare >= LEAST_SURE;
  }

  /** Where another token was nearly as likely; the closest choice first. */
  get closest(): readonly Fork[] {
    const nearest = new Map<number, Fork>();
    for (const fork of this.#forks) if (!nearest.has(fork.index)) nearest.set(fork.index, fork);
    return [...nearest.values()].sort((a, b) => a.gap - b.gap);
  }

  /** Where the line could have gone on otherwise, as far as it is known how likely that is. */
  get forks(): readonly Fork[] {
    return this.#forks.filter(({ token, logShare }) => logShare !== undefined && !this.#ends.has(token));
  }

  /** Where it could have ended, but for where it says nothing. */
  get endings(): readonly Ending[] {
    return this.#endings.filter(({ text }) => text.trim() !== "");
  }

  #fork({ index, token, logits, allowed, probability }: Choice, before: number | undefined): void {
    // A shorter suggestion is no other one.
    const others = likeliest(logits, this.ends.stop.length + 1 + OTHERS, allowed)
      .filter((id) => id !== token && !this.ends.stop.includes(id))
      .slice(0, OTHERS);
    for (const other of others) {
      const logShare = before === undefined ? undefined : before + Math.log(probability(other));
      this.#forks.push({ index, token: other, gap: logits[token]! - logits[other]!, logShare });
    }
  }
}
