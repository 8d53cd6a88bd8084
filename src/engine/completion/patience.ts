// How long whoever asks for a completion waits for what would make it better.

/** In milliseconds. */
export interface Patience {
  /** For the prompt to be read. What takes longer is read while nobody waits, and until then less of the text is. */
  readonly readingMs: number;
  /** For a block, from its turn on. What is not written by then is left out. */
  readonly blockMs: number;
  /** For a likelier line than the one that is written. Whoever has asked waits for it in any case. */
  readonly likelierLineMs: number;
  /** How fast the model reads, now; undefined: not known. */
  readonly pace: { readonly tokenMs: number | undefined };
}

/**
 * Of somebody who types. The eight runs that other lines may take are done in 200 ms, and a block is written in two seconds, unless
 * a token takes longer than the bundled model's. A block also ends where it closes (text/filters/stopAtBlockEnd.ts), and after a
 * number of tokens (MAX_TOKENS in ghostText/completionGate.ts).
 */
export const PATIENCE = { readingMs: 1000, blockMs: 2000, likelierLineMs: 200 };
