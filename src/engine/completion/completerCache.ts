// Which documents' states are kept, and which of them are kept whole.

import type { Completer } from "./completer";

/** Documents whose states are kept. The one that was completed in least recently loses them first. */
const KEPT_COMPLETERS = 4;

/** One completer for each of the documents that were completed in last. Only the last one may go back cheaply. */
export class CompleterCache {
  /** The latest comes last. */
  readonly #completers = new Map<string, Completer>();

  constructor(private readonly make: (uri: string) => Completer) {}

  of(uri: string): Completer {
    const completer = this.#completers.get(uri) ?? this.make(uri);
    const latest = [...this.#completers.values()].at(-1);
    if (completer !== latest) latest?.shrink();
    this.#completers.delete(uri);
    this.#completers.set(uri, completer);
    if (this.#completers.size > KEPT_COMPLETERS) {
      const [[oldest, dropped]] = [...this.#completers] as [[string, Completer]];
      this.#completers.delete(oldest);
      dropped.close();
    }
    return completer;
  }

  forget(uri: string): void {
    this.#completers.delete(uri);
  }
}
