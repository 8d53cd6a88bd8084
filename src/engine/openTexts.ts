// Tells the repository what the open documents say, saved or not: once somebody asks in another
// document or rests, not at each key.

import type { Documents } from "./documents";

/** What it needs of Repository. */
export interface TextTaker {
  /** Whether the document's file is known. */
  useOpenText(uri: string, text: string): Promise<boolean>;
  useSavedText(uri: string): Promise<void>;
}

/** A longer text takes so long to outline, at each rest, that whoever types on would wait for it. */
const LONGEST_AT_REST = 50_000;

export class OpenTexts {
  /** Documents whose text may be another than the repository has. Also such as it will never take: they cost next to nothing. */
  readonly #untold = new Set<string>();

  constructor(private readonly documents: Documents) {}

  /** Opened, or edited. */
  changed(uri: string): void {
    this.#untold.add(uri);
  }

  /** The repository has taken the file's text from the disk, by its absolute path. */
  savedTextTaken(path: string): void {
    const document = this.documents.ofFile(path);
    if (document !== undefined) this.#untold.add(document.uri);
  }

  closed(uri: string, taker: TextTaker | undefined): void {
    void taker?.useSavedText(uri);
  }

  /**
   * Takes a few milliseconds for each text that is new. Nobody waits for a grammar that has to be loaded first: whoever
   * asks next has that text, too.
   * @param but the document that is being written: nobody waits for what the asker has most of
   */
  tell(taker: TextTaker, but?: string): void {
    for (const uri of this.#untold) if (uri !== but) void this.#tellOne(taker, uri);
  }

  /** While nobody waits: also the document in which the cursor rests, for what was imported or written far above it. */
  tellAtRest(taker: TextTaker, uri: string): void {
    const length = this.documents.get(uri)?.text.length ?? 0;
    this.tell(taker, length > LONGEST_AT_REST ? uri : undefined);
  }

  async #tellOne(taker: TextTaker, uri: string): Promise<void> {
    const document = this.documents.get(uri);
    this.#untold.delete(uri);
    if (document === undefined) return;
    // Its file may become known later.
    if (!(await taker.useOpenText(uri, document.text)) && this.documents.get(uri) === document) this.#untold.add(uri);
  }
}
