// Tells the repository what the open documents say, saved or not: once somebody asks in another
// document or rests, not at each key.

import { inTime } from "../machine/inTime";
import type { Documents } from "./documents";
import { type ModelAccess, undisturbed } from "./modelAccess";

/** What it needs of Repository. */
export interface TextTaker {
  /** Whether the document's file is known. */
  useOpenText(uri: string, text: string): Promise<boolean>;
}

/** A longer text takes so long to take in that whoever types would wait for it: before each completion, or at each rest. */
const LONGEST_FOR_TYPING = 50_000;
/** So many characters of several texts take about 10 ms. */
const MOST_IN_PASSING = 12_000;
/** Where an open text may not be known, the saved one is read instead, from a disk that may never answer. */
const PATIENCE_MS = 5_000;

export class OpenTexts {
  /** Documents whose text may be another than the repository has, the newest last. Also such as it will never take: they cost next to nothing. */
  readonly #untold = new Set<string>();

  constructor(
    private readonly documents: Documents,
    private readonly patienceMs = PATIENCE_MS,
  ) {}

  /** Opened, or edited. */
  changed(uri: string): void {
    this.#untold.delete(uri);
    this.#untold.add(uri);
  }

  /** The repository has taken the file's text from the disk, by its absolute path. */
  savedTextTaken(path: string): void {
    const document = this.documents.ofFile(path);
    if (document !== undefined) this.changed(document.uri);
  }

  /** All that is new, for somebody who waits; resolves when it is taken in, or takes too long. */
  async tell(taker: TextTaker): Promise<void> {
    await Promise.all([...this.#untold].map((uri) => this.#tellOne(taker, uri)));
  }

  /**
   * Before a completion: the newest text, and others as long as that takes a few milliseconds, as a switch of branches changes
   * all at once. The rest, and long ones, wait for the next rest. Nobody waits for a grammar that has to be loaded first: whoever
   * asks next has that text, too.
   * @param but the document that is being written: nobody waits for what the asker has most of
   */
  async tellInPassing(taker: TextTaker, but: string): Promise<void> {
    const others = this.#newest((uri) => uri !== but && !this.#isLong(uri));
    await this.#tellUpTo(MOST_IN_PASSING, taker, others, undisturbed);
  }

  /**
   * While nobody waits: also the document in which the cursor rests, for what was imported or written far above it. One text at a
   * time, so that a key goes first: what it leaves waits for the next rest.
   * @param howMuch "some": as much as in passing
   */
  async tellAtRest(taker: TextTaker, uri: string, howMuch: "some" | "all", access: ModelAccess): Promise<void> {
    const isAll = howMuch === "all";
    const wanted = this.#newest((other) => !this.#isLong(other) || (isAll && other !== uri), uri);
    await this.#tellUpTo(isAll ? Number.POSITIVE_INFINITY : MOST_IN_PASSING, taker, wanted, access);
  }

  /** So many characters of these, or one text that is longer. */
  async #tellUpTo(most: number, taker: TextTaker, uris: Iterable<string>, access: ModelAccess): Promise<void> {
    let characters = 0;
    for (const uri of uris) {
      const length = this.#lengthOf(uri);
      if (characters > 0 && characters + length > most) continue;
      await access.nextRun();
      if (await this.#tellOne(taker, uri)) characters += length;
    }
  }

  /** From the newest text on, those that nobody has told meanwhile. @param last comes after all others */
  *#newest(isWanted: (uri: string) => boolean, last?: string): Generator<string> {
    const newest = [...this.#untold].reverse().sort((a, b) => Number(a === last) - Number(b === last));
    for (const uri of newest) if (this.#untold.has(uri) && isWanted(uri)) yield uri;
  }

  #isLong(uri: string): boolean {
    return this.#lengthOf(uri) > LONGEST_FOR_TYPING;
  }

  #lengthOf(uri: string): number {
    return this.documents.get(uri)?.text.length ?? 0;
  }

  /** @returns whether its file is known, as far as that is said in time */
  #tellOne(taker: TextTaker, uri: string): Promise<boolean> {
    return inTime(this.#told(taker, uri), this.patienceMs, () => false);
  }

  async #told(taker: TextTaker, uri: string): Promise<boolean> {
    const document = this.documents.get(uri);
    this.#untold.delete(uri);
    if (document === undefined) return false;
    const isKnown = await taker.useOpenText(uri, document.text);
    // It may become known later.
    if (!isKnown && this.documents.get(uri) === document) this.#untold.add(uri);
    return isKnown;
  }
}
