// Tells the repository what the open documents say, saved or not: once somebody asks in another
// document or rests, not at each key.

import { inTime } from "../machine/inTime";
import type { Documents } from "./documents";
import type { ModelAccess } from "./modelAccess";

/** What it needs of Repository. */
export interface TextTaker {
  /** Whether the document's file is known. */
  useOpenText(uri: string, text: string): Promise<boolean>;
  useSavedText(uri: string): Promise<void>;
}

/** A longer text takes so long to take in that whoever types would wait for it: before each completion, or at each rest. */
const LONGEST_FOR_TYPING = 50_000;
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
    this.#add(uri);
  }

  /** The repository has taken the file's text from the disk, by its absolute path. */
  savedTextTaken(path: string): void {
    const document = this.documents.ofFile(path);
    if (document !== undefined) this.#add(document.uri);
  }

  closed(uri: string, taker: TextTaker | undefined): void {
    void taker?.useSavedText(uri);
  }

  /** All that is new, for somebody who waits; resolves when it is taken in, or takes too long. */
  async tell(taker: TextTaker): Promise<void> {
    await inTime(
      this.#tell(taker, () => true),
      this.patienceMs,
      () => {},
    );
  }

  /**
   * Before a completion: takes a few milliseconds for each text that is new. Nobody waits for a grammar that has to be loaded
   * first: whoever asks next has that text, too. Long ones wait for the next rest.
   * @param but the document that is being written: nobody waits for what the asker has most of
   */
  tellInPassing(taker: TextTaker, but: string): void {
    void this.#tell(taker, (uri) => uri !== but && !this.#isLong(uri));
  }

  /**
   * While nobody waits: also the document in which the cursor rests, for what was imported or written far above it. One text at a
   * time, so that a key goes first: what it leaves waits for the next rest.
   */
  async tellAtRest(taker: TextTaker, uri: string, access: ModelAccess): Promise<void> {
    await this.#tellInTurns(taker, (other) => other !== uri || !this.#isLong(uri), access);
  }

  #add(uri: string): void {
    this.#untold.delete(uri);
    this.#untold.add(uri);
  }

  async #tell(taker: TextTaker, isWanted: (uri: string) => boolean): Promise<void> {
    await Promise.all([...this.#untold].filter(isWanted).map((uri) => this.#tellOne(taker, uri)));
  }

  /** The newest first. */
  async #tellInTurns(taker: TextTaker, isWanted: (uri: string) => boolean, access: ModelAccess): Promise<void> {
    for (const uri of [...this.#untold].reverse().filter(isWanted)) {
      await access.nextRun();
      if (this.#untold.has(uri)) await inTime(this.#tellOne(taker, uri), this.patienceMs, () => {});
    }
  }

  #isLong(uri: string): boolean {
    return (this.documents.get(uri)?.text.length ?? 0) > LONGEST_FOR_TYPING;
  }

  async #tellOne(taker: TextTaker, uri: string): Promise<void> {
    const document = this.documents.get(uri);
    this.#untold.delete(uri);
    if (document === undefined) return;
    // Its file may become known later.
    if (!(await taker.useOpenText(uri, document.text)) && this.documents.get(uri) === document) this.#untold.add(uri);
  }
}
