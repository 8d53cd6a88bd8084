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
 * Of somebody who types. In half of the time for a better line, others are looked for: ten runs, where a token takes 10 ms. In the other
 * half they are compared, where the model reads 480 tokens a second or more (fittingLine.ts). With 400 ms, a slower one (450, and 17 ms to
 * write a token) came too late too often: of 515 keys of a recording, 293 instead of 314 typed what was suggested. A block is written in two
 * seconds, unless a token takes longer than the bundled model's. It also ends where it closes (text/filters/stopAtBlockEnd.ts), and
 * after a number of tokens (MAX_TOKENS in ghostText/completionGate.ts).
 */
export const PATIENCE = { readingMs: 1000, blockMs: 2000, betterLineMs: 200 };
