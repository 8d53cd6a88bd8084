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
