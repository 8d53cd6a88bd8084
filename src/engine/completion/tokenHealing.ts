// Token healing: where to cut a prompt that ends inside a token, and how to regrow what was cut.
//
// A prompt that ends in "getEle" is tokenized as no training text ever was, because the whole word's tokens are cut
// elsewhere; small models then fail nearly always. So the prompt is cut back to a boundary that training knew, and the
// first generated tokens are held to the text that was cut off.

import type { TokenId } from "../model/model";
import type { Vocabulary } from "../model/vocabulary";

export interface HealedPrompt {
  /** The tokens that stay in the prompt. */
  readonly tokens: readonly TokenId[];
  /** The bytes of what was cut off: generation must begin with them. */
  readonly wanted: Uint8Array;
}

/** The most tokens that are cut off: an identifier of many short pieces need not be regrown whole. */
const MOST_TOKENS = 4;
/** They are no longer than this. In a line that is one long word, looking for the tail's beginning takes time by its square. */
const LONGEST_TAIL = 512;

/**
 * Cuts the tail of `tokens`, which spell the cursor's line up to the cursor.
 * Indentation is left alone: what follows it does not merge with it.
 */
export function heal(tokens: readonly TokenId[], vocabulary: Vocabulary): HealedPrompt {
  const pieces = tokens.map((id) => Buffer.from(vocabulary.bytes(id)));
  const line = Buffer.concat(pieces).toString("utf8");
  if (line.trim() === "") return { tokens, wanted: new Uint8Array(0) };

  const tail = Buffer.byteLength(UNFINISHED.exec(line.slice(-LONGEST_TAIL))?.[0] ?? "");
  let cut = 0;
  let bytes = 0;
  while (cut < Math.min(MOST_TOKENS, tokens.length) && (cut === 0 || bytes < tail)) {
    cut++;
    bytes += pieces[tokens.length - cut]!.length;
  }
  return { tokens: tokens.slice(0, tokens.length - cut), wanted: Buffer.concat(pieces.slice(tokens.length - cut)) };
}

/** The word that the cursor is in, with the one space that its first token carries; or the spaces before the cursor. */
const UNFINISHED = /(?:(?<=[^ ]) )?[\p{L}\p{N}_$]+$| +$/u;

/** Holds generated tokens to wanted bytes until they are all there. */
export class Regrowth {
  #wanted: Uint8Array;

  constructor(
    private readonly vocabulary: Vocabulary,
    wanted: Uint8Array,
  ) {
    this.#wanted = wanted;
  }

  /** The tokens that may come next, or undefined when any may. */
  get allowed(): readonly TokenId[] | undefined {
    return this.#wanted.length === 0 ? undefined : this.vocabulary.compatibleWith(this.#wanted);
  }

  /** Takes a generated token and returns the bytes of it that are new text. */
  take(token: TokenId): Uint8Array {
    const bytes = this.vocabulary.bytes(token);
    const regrown = Math.min(bytes.length, this.#wanted.length);
    this.#wanted = this.#wanted.subarray(regrown);
    return bytes.subarray(regrown);
  }
}
