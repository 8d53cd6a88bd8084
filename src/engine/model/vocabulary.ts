// What each token id stands for, as bytes; and which tokens may come next when the text to come is partly known.
//
// Bytes are kept as the strings that latin1 makes of them, one character a byte: those sort by themselves, and are made in a
// fraction of the time that as many small arrays would take at every start.

import type { TokenId } from "./model";

/** The character that a Gemma tokenizer writes for a space. */
const SPACE_MARK = /\u2581/g;
const BYTE_TOKEN = /^<0x([0-9A-F]{2})>$/;

/** Many times what any model has: the list of all of them has a place for each number, also for such as no token has. */
const MOST_TOKENS = 2 ** 24;

export class Vocabulary {
  /** Ids of the tokens that stand for text, ordered by their bytes. */
  readonly #sorted: readonly TokenId[];
  /** Ids that stand for no text: control tokens, and what a vocabulary keeps free. */
  readonly textless: readonly TokenId[];

  private constructor(private readonly texts: readonly (string | undefined)[]) {
    this.textless = texts.flatMap((text, id) => (text ? [] : [id]));
    this.#sorted = texts.flatMap((text, id) => (text ? [id] : [])).sort((a, b) => compare(texts[a]!, texts[b]!));
  }

  /**
   * Throws where a token's number can be none.
   * @param spellings each token as tokenizer.json spells it
   * @param isControl whether a spelling is a control token, which stands for no text
   */
  static from(spellings: ReadonlyMap<string, TokenId>, isControl: (spelling: string) => boolean): Vocabulary {
    const texts: (string | undefined)[] = [];
    for (const [spelling, id] of spellings) {
      if (!Number.isInteger(id) || id < 0 || id >= MOST_TOKENS) throw new Error(`it has a token with the number ${id}`);
      texts[id] = isControl(spelling) ? undefined : latin1Of(spelling);
    }
    return new Vocabulary(Array.from(texts));
  }

  get size(): number {
    return this.texts.length;
  }

  /** The bytes that a token stands for; none for control tokens. */
  bytes(id: TokenId): Uint8Array {
    return Buffer.from(this.texts[id] ?? "", "latin1");
  }

  /** The tokens whose bytes begin with `wanted`. They are not looked at one by one: after a blank they are a third of the vocabulary. */
  beginningWith(wanted: Uint8Array): readonly TokenId[] {
    const text = Buffer.from(wanted).toString("latin1");
    const first = this.#firstWhere((other) => other >= text);
    return this.#sorted.slice(
      first,
      this.#firstWhere((other) => other.slice(0, text.length) > text),
    );
  }

  /** The first place in the sorted list from which on `holds` is true. */
  #firstWhere(holds: (text: string) => boolean): number {
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (holds(this.texts[this.#sorted[middle]!]!)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** Nearly all tokens are ASCII, which is latin1 already. */
const NOT_ASCII = /[^\0-\x7f]/;

function latin1Of(spelling: string): string {
  const byte = BYTE_TOKEN.exec(spelling);
  if (byte !== null) return String.fromCharCode(Number.parseInt(byte[1]!, 16));
  const text = spelling.replace(SPACE_MARK, " ");
  return NOT_ASCII.test(text) ? Buffer.from(text).toString("latin1") : text;
}
