// How much of a text is right, where each token is predicted after those that stand there.

export class LineScore {
  bits = 0;
  tokens = 0;
  rightTokens = 0;
  /** Of lines, without their indentation. */
  characters = 0;
  /** Of these, those before their line's first error. */
  rightCharacters = 0;
  /** For each whole line that ends with a line break, whether all of it is right. */
  readonly lines: boolean[] = [];
  /** Whether the present line is right so far; undefined while it has only indentation. */
  #isRight: boolean | undefined;

  /** What is added next begins elsewhere. */
  move(): void {
    this.#isRight = undefined;
  }

  /** @param piece the token's text */
  add(piece: string, bits: number, isRight: boolean): void {
    this.bits += bits;
    this.tokens++;
    if (isRight) this.rightTokens++;
    if (piece.startsWith("\n")) this.#endLine(isRight);
    else if (this.#isRight !== undefined || piece.trim() !== "") this.#goOn(piece.length, isRight);
  }

  #goOn(length: number, isRight: boolean): void {
    this.#isRight = isRight && this.#isRight !== false;
    this.characters += length;
    if (this.#isRight) this.rightCharacters += length;
  }

  /** A line is right only if it ends where it should. */
  #endLine(isRight: boolean): void {
    if (this.#isRight !== undefined) this.lines.push(isRight && this.#isRight);
    this.#isRight = undefined;
  }
}
