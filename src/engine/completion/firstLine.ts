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
  /** ln p of the line up to and with this token: no line that begins so is likelier. */
  readonly logShare: number;
}

export interface Ending {
  /** How many tokens were chosen before. */
  readonly index: number;
  /** What they say. */
  readonly text: string;
  /** ln p of the line that ends there. */
  readonly logShare: number;
}

/** A token that was chosen, and what else could stand there. */
export interface Choice {
  /** How many tokens were chosen before, and what they say. */
  readonly index: number;
  readonly text: string;
  readonly token: TokenId;
  /** The model's. They are not kept. */
  readonly logits: Float32Array;
  /** The tokens that could stand there; absent: all. */
  readonly allowed?: readonly TokenId[] | undefined;
  /** Tokens that something besides the model knows to stand there. */
  readonly named?: readonly TokenId[];
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

  /** A line that leaves this one there. */
  leave({ logShare }: Fork): FirstLine {
    const left = new FirstLine(this.ends);
    left.startWith(logShare);
    return left;
  }

  /**
   * Begins with tokens that were chosen at once.
   * @param logShare ln of their share of all that could stand there
   */
  startWith(logShare: number): void {
    this.#logShare = logShare;
  }

  /** Looks at the last of the tokens that it begins with: of no other it is known how likely the line would be without it. */
  noteRegrown(choice: Choice): void {
    this.#fork(choice, this.#logShare - Math.log(choice.probability(choice.token)));
  }

  /** Looks at one token that was chosen by itself, and counts it. */
  noteChosen(choice: Choice): void {
    const before = this.#logShare;
    this.#fork(choice, before);
    // Many tokens end a line: together they may be the likeliest, and each by itself not.
    let end = 0;
    for (const token of this.#ends) end += choice.probability(token);
    const isSaid = choice.text.trim() !== "";
    if (isSaid) this.#endings.push({ index: choice.index, text: choice.text, logShare: before + Math.log(end) });
    // A line break before any text does not end the line but begins a block, so it counts by itself.
    const isEnd = this.#ends.has(choice.token) && (isSaid || this.ends.stop.includes(choice.token));
    this.#logShare += Math.log(isEnd ? end : choice.probability(choice.token));
  }

  /** ln p of what was chosen so far. It gets less with every choice. */
  get logShare(): number {
    return this.#logShare;
  }

  /** Whether it is likely enough for somebody who has not asked. */
  get isSure(): boolean {
    return this.#logShare >= LEAST_SURE;
  }

  /** Where the line could have gone on otherwise since it left another. */
  get forks(): readonly Fork[] {
    return this.#forks;
  }

  /** Where it could have ended, except before any text. */
  get endings(): readonly Ending[] {
    return this.#endings;
  }

  #fork({ index, token, logits, allowed, named = [], probability }: Choice, before: number): void {
    // A token that ends the text makes the suggestion shorter, and not another one.
    const isNoOther = (id: TokenId) => id === token || this.ends.stop.includes(id);
    const byModel = likeliest(logits, OTHERS, allowed, isNoOther);
    const others = new Set([...byModel, ...named.filter((id) => !isNoOther(id))]);
    for (const other of [...others].sort((a, b) => probability(b) - probability(a)).slice(0, OTHERS)) {
      const isEnd = this.#ends.has(other);
      if (!isEnd) this.#forks.push({ index, token: other, logShare: before + Math.log(probability(other)) });
    }
  }
}
