// Which documents' states are kept, and which of them are kept whole.

import { sharedBytes } from "../model/state";
import type { Completer } from "./completer";

/** Documents whose states are kept. */
const KEPT_COMPLETERS = 4;
/**
 * What the states of all of them take together, besides what is read until the next rest. With the bundled model that is the place
 * in use and three to five others.
 */
const MOST_BYTES = 384 * 2 ** 20;

/**
 * One completer for each of the last documents. Those that were only looked at are dropped first, and then those that were
 * completed in least recently. Only the last one of each kind may go back cheaply.
 */
export class CompleterCache {
  /** Where somebody has only looked; the latest comes last, as below. */
  readonly #lookedAt = new Map<string, Completer>();
  readonly #completedIn = new Map<string, Completer>();
  #whole: readonly Completer[] = [];

  constructor(
    private readonly make: (uri: string) => Completer,
    private readonly mostBytes = MOST_BYTES,
  ) {}

  /** To complete in a document. */
  of(uri: string): Completer {
    const completer = this.#known(uri) ?? this.make(uri);
    this.forget(uri);
    this.#completedIn.set(uri, completer);
    this.#use(completer, completer);
    return completer;
  }

  /** To read ahead in a document: a look at others costs nothing where somebody is writing. */
  toReadAhead(uri: string): Completer {
    const completer = this.#known(uri) ?? this.make(uri);
    if (!this.#completedIn.has(uri)) {
      this.#lookedAt.delete(uri);
      this.#lookedAt.set(uri, completer);
    }
    this.#use(completer, [...this.#completedIn.values()].at(-1));
    this.#leaveOldest();
    return completer;
  }

  forget(uri: string): void {
    this.#whole = this.#whole.filter((one) => one !== this.#known(uri));
    this.#lookedAt.delete(uri);
    this.#completedIn.delete(uri);
  }

  #known(uri: string): Completer | undefined {
    return this.#completedIn.get(uri) ?? this.#lookedAt.get(uri);
  }

  #use(completer: Completer, latest: Completer | undefined): void {
    for (const one of this.#whole) if (one !== completer && one !== latest) one.shrink();
    this.#whole = latest === undefined || latest === completer ? [completer] : [completer, latest];
    const all = [...this.#lookedAt, ...this.#completedIn];
    if (all.length <= KEPT_COMPLETERS) return;
    const [uri, dropped] = all.find(([, one]) => one !== completer)!;
    this.forget(uri);
    dropped.close();
  }

  /**
   * Gives up places, in whichever document, until what is kept is little enough: those that were only looked at first, and of each
   * kind those where nobody was for longest. The last ones of what is kept whole stay. To count that takes a millisecond or two: so
   * only while nobody waits.
   */
  #leaveOldest(): void {
    const all = [...this.#lookedAt.values(), ...this.#completedIn.values()];
    for (const { place, places } of [...this.#oldestFirst(this.#lookedAt), ...this.#oldestFirst(this.#completedIn)]) {
      if (sharedBytes(all.flatMap((one) => one.places.states)) <= this.mostBytes) return;
      places.leave(place);
    }
  }

  #oldestFirst(completers: ReadonlyMap<string, Completer>) {
    const given = [...completers.values()].flatMap((one) => {
      const { places } = one;
      const { oldestFirst } = places;
      return (this.#whole.includes(one) ? oldestFirst.slice(0, -1) : oldestFirst).map((place) => ({ place, places }));
    });
    return given.sort((one, other) => one.place.usedAt - other.place.usedAt);
  }
}
