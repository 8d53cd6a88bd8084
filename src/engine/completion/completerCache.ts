// Which places' states are kept, in all documents together, and which documents keep theirs whole.

import { sharedBytes } from "../model/state";
import type { Completer } from "./completer";
import type { Place } from "./place";
import type { Places } from "./places";

/**
 * What the states of all documents take together, besides what is read until the next rest. With the bundled model that is the place
 * in use, three to five others, and one state of the repository that all begin from.
 */
const MOST_BYTES = 448 * 2 ** 20;

interface PlaceOf {
  readonly place: Place;
  readonly places: Pick<Places, "leave">;
}

/**
 * One completer for each open document in which something was asked for or read ahead: what is limited is their places. Only the one
 * in use and the one that was completed in last may go back cheaply.
 */
export class CompleterCache {
  readonly #completers = new Map<string, Completer>();
  #inUse: Completer | undefined;
  /** A look at other documents costs nothing where somebody is writing. */
  #completedIn: Completer | undefined;

  constructor(
    private readonly make: (uri: string) => Completer,
    private readonly mostBytes = MOST_BYTES,
  ) {}

  /** To complete in a document. */
  of(uri: string): Completer {
    const isNew = !this.#completers.has(uri);
    const completer = this.#known(uri);
    this.#use(completer, completer);
    // Nobody may ever rest. To count the bytes takes a millisecond or two: so not at each key.
    if (isNew) this.#leaveOldest();
    return completer;
  }

  /** To read ahead in a document. */
  toReadAhead(uri: string): Completer {
    const completer = this.#known(uri);
    this.#use(completer, this.#completedIn);
    this.#leaveOldest();
    return completer;
  }

  forget(uri: string): void {
    const completer = this.#completers.get(uri);
    this.#completers.delete(uri);
    if (this.#inUse === completer) this.#inUse = undefined;
    if (this.#completedIn === completer) this.#completedIn = undefined;
  }

  #known(uri: string): Completer {
    const completer = this.#completers.get(uri) ?? this.make(uri);
    this.#completers.set(uri, completer);
    return completer;
  }

  #use(completer: Completer, completedIn: Completer | undefined): void {
    const whole = this.#whole;
    this.#inUse = completer;
    this.#completedIn = completedIn;
    for (const one of whole) if (!this.#whole.has(one)) one.shrink();
  }

  get #whole(): ReadonlySet<Completer> {
    return new Set([this.#inUse, this.#completedIn].filter((one) => one !== undefined));
  }

  /**
   * Gives up places, in whichever document, until what is kept is little enough: those that were only looked at first, and of each
   * kind those where nobody was for longest. The last ones of what is kept whole stay.
   */
  #leaveOldest(): void {
    const all = [...this.#completers.values()];
    for (const { place, places } of this.#oldestFirst()) {
      if (sharedBytes(all.flatMap((one) => one.places.states)) <= this.mostBytes) return;
      places.leave(place);
    }
  }

  #oldestFirst(): PlaceOf[] {
    const given = [...this.#completers.values()].flatMap((one) => {
      const { places } = one;
      const { oldestFirst } = places;
      return (this.#whole.has(one) ? oldestFirst.slice(0, -1) : oldestFirst).map((place) => ({ place, places }));
    });
    const isCompletedIn = ({ place }: PlaceOf) => Number(place.isCompletedIn);
    return given.sort((a, b) => isCompletedIn(a) - isCompletedIn(b) || a.place.usedAt - b.place.usedAt);
  }
}
