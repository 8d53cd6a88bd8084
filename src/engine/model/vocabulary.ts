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

  /** The tokens whose bytes begin with `wanted`. */
  beginningWith(wanted: Uint8Array): readonly TokenId[] {
    return this.#where((bytes) => Buffer.compare(bytes.subarray(0, wanted.length), wanted));
  }

  /**
   * The tokens, by their bytes, that `order` says are neither before nor after what is looked for. Not one by one: after a
   * blank they are a third of the vocabulary.
   */
  #where(order: (bytes: Uint8Array) => number): readonly TokenId[] {
    const first = this.#firstWhere((bytes) => order(bytes) >= 0);
    return this.#sorted.slice(
      first,
      this.#firstWhere((bytes) => order(bytes) > 0),
    );
  }

  /** The first place in the sorted list from which on `holds` is true. */
  #firstWhere(holds: (bytes: Uint8Array) => boolean): number {
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (holds(this.bytes(this.#sorted[middle]!))) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

const NO_BYTES = new Uint8Array(0);

function bytesOf(spelling: string): Uint8Array {
  const byte = BYTE_TOKEN.exec(spelling);
  return byte === null ? Buffer.from(spelling.replace(SPACE_MARK, " ")) : Uint8Array.of(Number.parseInt(byte[1]!, 16));
}
