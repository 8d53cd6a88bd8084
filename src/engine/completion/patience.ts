// How long whoever asks for a completion waits for what would make it better.

/** In milliseconds. */
export interface Patience {
  /** For the prompt to be read. What takes longer is read while nobody waits, and until then less of the text is. */
  readonly readingMs: number;
  /** For a block, from its turn on. What is not written by then is left out. */
  readonly blockMs: number;
  /** For a line that is better than the one that is written. Whoever has asked waits for it in any case. */
  readonly betterLineMs: number;
  /** How fast the model reads, now; undefined: not known. */
  readonly pace: { readonly tokenMs: number | undefined };
}

/**
 * Of somebody who types. In half of the time for a better line, some ten of the runs that other lines may take are done, and in the other
 * half some five lines are compared; a block is written in two seconds. All this unless a token takes longer than the bundled model's. A
 * block also ends where it closes (text/filters/stopAtBlockEnd.ts), and after a number of tokens (MAX_TOKENS in
 * ghostText/completionGate.ts).
 */
export const PATIENCE = { readingMs: 1000, blockMs: 2000, betterLineMs: 400 };
