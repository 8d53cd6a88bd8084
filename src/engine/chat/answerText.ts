// An answer's text on its way to the reader: ends before a stop text, and begins without blanks.

/** Passes text on as it comes, but holds back what may turn out to be the beginning of a stop text. */
export class AnswerText {
  #held = "";
  #begun = false;

  constructor(
    private readonly stopTexts: readonly string[],
    private readonly onText: (text: string) => void,
  ) {}

  /** Returns true when a stop text has come, with which the answer ends: everything before it has been passed on. */
  push(text: string): boolean {
    this.#held += text;
    const stops = this.stopTexts.map((stop) => this.#held.indexOf(stop)).filter((at) => at !== -1);
    if (stops.length > 0) {
      this.#emit(Math.min(...stops));
      this.#held = "";
      return true;
    }
    this.#emit(this.#held.length - this.#longestOpenEnd());
    return false;
  }

  /** Passes on what is still held back. */
  end(): void {
    this.#emit(this.#held.length);
  }

  #emit(length: number): void {
    let text = this.#held.slice(0, length);
    this.#held = this.#held.slice(length);
    if (!this.#begun) text = text.trimStart();
    if (text === "") return;
    this.#begun = true;
    this.onText(text);
  }

  /** Units at the end that may still grow into a stop text. */
  #longestOpenEnd(): number {
    let longest = 0;
    for (const stop of this.stopTexts) {
      for (let length = Math.min(stop.length - 1, this.#held.length); length > longest; length--) {
        if (this.#held.endsWith(stop.slice(0, length))) longest = length;
      }
    }
    return longest;
  }
}
