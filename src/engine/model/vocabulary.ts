// What each token id stands for, as bytes; and which tokens may come next when the text to come is partly known.

import type { TokenId } from "./model";

/** The character that a Gemma tokenizer writes for a space. */
const SPACE_MARK = /\u2581/g;
const BYTE_TOKEN = /^<0x([0-9A-F]{2})>$/;

export class Vocabulary {
  /** Ids of the tokens that stand for text, ordered by their bytes. */
  readonly #sorted: readonly TokenId[];

  private constructor(private readonly tokens: readonly (Uint8Array | undefined)[]) {
    this.#sorted = tokens
      .flatMap((bytes, id) => (bytes === undefined || bytes.length === 0 ? [] : [id]))
      .sort((a, b) => Buffer.compare(tokens[a]!, tokens[b]!));
  }

  /**
   * @param spellings each token as tokenizer.json spells it
   * @param isControl whether a spelling is a control token, which stands for no text
   */
  static from(spellings: ReadonlyMap<string, TokenId>, isControl: (spelling: string) => boolean): Vocabulary {
    const tokens: (Uint8Array | undefined)[] = [];
    for (const [spelling, id] of spellings) tokens[id] = isControl(spelling) ? undefined : bytesOf(spelling);
    return new Vocabulary(Array.from(tokens));
  }

  get size(): number {
    return this.tokens.length;
  }

  /** The bytes that a token stands for; none for control tokens. */
  bytes(id: TokenId): Uint8Array {
    return this.tokens[id] ?? NO_BYTES;
  }

  /**
   * The tokens that can come next when the bytes to come begin with `wanted`: those that go beyond it, and those that
   * cover a part of it.
   */
  compatibleWith(wanted: Uint8Array): TokenId[] {
    const beyond = this.#range(wanted);
    const parts: TokenId[] = [];
    for (let length = 1; length < wanted.length; length++) {
      const part = wanted.subarray(0, length);
      for (let i = this.#lowerBound(part); i < this.#sorted.length; i++) {
        const id = this.#sorted[i]!;
        if (Buffer.compare(this.bytes(id), part) !== 0) break;
        parts.push(id);
      }
    }
    return [...parts, ...beyond];
  }

  /** Every token whose bytes begin with `prefix`. */
  #range(prefix: Uint8Array): TokenId[] {
    const found: TokenId[] = [];
    for (let i = this.#lowerBound(prefix); i < this.#sorted.length; i++) {
      const bytes = this.bytes(this.#sorted[i]!);
      if (Buffer.compare(bytes.subarray(0, prefix.length), prefix) !== 0) break;
      found.push(this.#sorted[i]!);
    }
    return found;
  }

  /** The first place in the sorted list whose bytes are not less than `key`. */
  #lowerBound(key: Uint8Array): number {
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (Buffer.compare(this.bytes(this.#sorted[middle]!), key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const NO_BYTES = new Uint8Array(0);

function bytesOf(spelling: string): Uint8Array {
  const byte = BYTE_TOKEN.exec(spelling);
  return byte === null ? Buffer.from(spelling.replace(SPACE_MARK, " ")) : Uint8Array.of(Number.parseInt(byte[1]!, 16));
}
