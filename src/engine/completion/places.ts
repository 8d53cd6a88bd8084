// Where somebody writes in a document: a few places, to which the cursor comes back. Each has the prompt that was read there,
// so that an import that is added far above costs no second reading of the place where it is used.

import type { Offset } from "../../protocol/engine";
import { lineBreaks } from "../../text/lines";
import type { MirroredDocument } from "../documents";
import type { LanguageModel } from "../model/languageModel";
import type { State } from "../model/state";
import type { DocumentOffer } from "../repository/offer";
import { type Cursor, type LiveText, liveText, prefixEnd } from "./liveText";
import type { Patience } from "./patience";
import { Place } from "./place";
import { isWithin, promptStart, promptWindow } from "./promptWindow";

/**
 * Which one goes first, `leastMissed` says. With the bundled model a place that is not in use keeps 60 MB at most, besides
 * the repository's state that it begins from (90 where the cursor is nearby); the one in use some 120 MB.
 */
const MOST_PLACES = 4;
/** A cursor that has moved by no more than this is nearby, whatever has changed around it. */
const NEAR_LINES = 8;
const NEAR_LENGTH = 2_000;
/** About the tokens of so many lines, and those of a run: between these no state is kept. */
const NEAR_TOKENS = 256;

/** The text around a cursor, with the place that it belongs to. */
export interface PlacedText {
  readonly place: Place;
  readonly live: LiveText;
}

export class Places {
  /** The one in use first, then the one before it. */
  #places: Place[] = [];
  #document: MirroredDocument | undefined;

  constructor(
    private readonly lm: LanguageModel,
    private readonly patience?: Patience,
  ) {}

  /**
   * Goes to the place that has this cursor: one whose prompt is still true there, else one nearby that would lose nothing, else a
   * new one.
   */
  goTo(document: MirroredDocument, cursor: Cursor, repository: DocumentOffer | undefined): PlacedText {
    if (document !== this.#document) this.#places = [];
    this.#document = document;
    for (const place of this.#places.filter(({ frames }) => !frames.isAllowed(repository))) this.leave(place);
    const { text } = document;
    const placed = this.#trueAt(document, cursor, repository);
    const place = placed?.place ?? this.#nearOrNew(document, cursor, repository);
    if (place !== this.#places[0]) this.#moveTo(place, text);
    // Where the place is still true, its beginning is within the window, so it stays.
    place.arrive(cursor.offset, promptStart(text, place.start, prefixEnd(cursor), promptWindow(this.lm)));
    return placed ?? { place, live: liveText(document, cursor, repository?.path, place.start) };
  }

  get states(): readonly State[] {
    return this.#places.flatMap(({ states }) => states);
  }

  /** The one in use last comes last. */
  get oldestFirst(): readonly Place[] {
    return this.#places.toReversed();
  }

  /** Nobody comes back to it, or whoever does waits until it is read again. */
  leave(place: Place): void {
    place.leave();
    this.#places = this.#places.filter((one) => one !== place);
  }

  /** Gives back the memory that only makes going back quick. */
  shrink(): void {
    for (const place of this.#places.slice(1)) this.leave(place);
    this.#places[0]?.shrink();
  }

  #trueAt(document: MirroredDocument, cursor: Cursor, repository: DocumentOffer | undefined): PlacedText | undefined {
    const window = promptWindow(this.lm);
    for (const place of this.#places) {
      if (!isWithin(window, place.start, prefixEnd(cursor))) continue;
      const live = liveText(document, cursor, repository?.path, place.start);
      if (place.frames.isTrueAt(live, repository)) return { place, live };
    }
    return undefined;
  }

  /** One nearby, unless whoever goes back there would have to wait; else a new one. */
  #nearOrNew(document: MirroredDocument, cursor: Cursor, repository: DocumentOffer | undefined): Place {
    const near = this.#places.find((one) => isNear(document.text, one.cursor, cursor.offset));
    if (near !== undefined) {
      const live = liveText(document, cursor, repository?.path, near.start);
      const there = liveText(document, { offset: near.cursor }, repository?.path, near.start);
      // Where the text after its own cursor was changed, as by a deletion, whoever goes back waits anyway.
      if (!near.isRead || near.frames.hasSuffixOf(live) || near.frames.lacksSuffix(there)) return near;
    }
    return new Place(this.lm, this.patience, document, cursor.offset, near ?? this.#places[0]);
  }

  #moveTo(place: Place, text: string): void {
    const others = this.#places.filter((one) => one !== place);
    // What is corrected a few lines above the last place stands in the prompt there, too.
    const reachOf = (one: Place) => (one === others[0] && isNear(text, one.cursor, place.cursor) ? NEAR_TOKENS : 0);
    for (const one of others) one.shrink(reachOf(one));
    this.#places = [place, ...others];
    if (this.#places.length <= MOST_PLACES) return;
    this.leave(others.findLast(({ isRead }) => !isRead) ?? leastMissed(text, others));
  }
}

/**
 * Which of these goes: one that was only looked at, if there is one besides the last, to which whoever looks to and fro comes back.
 * Of each kind one that is near a newer one goes first, and else the oldest.
 * @param places the newest first
 */
function leastMissed(text: string, places: readonly Place[]): Place {
  const lookedAt = places.slice(1).filter(({ isCompletedIn }) => !isCompletedIn);
  const given = lookedAt.length > 0 ? lookedAt : places;
  const isOlder = (place: Place) =>
    places.slice(0, places.indexOf(place)).some((newer) => isNear(text, newer.cursor, place.cursor));
  return given.findLast(isOlder) ?? given.at(-1)!;
}

function isNear(text: string, one: Offset, other: Offset): boolean {
  const [from, to] = one < other ? [one, other] : [other, one];
  return to - from <= NEAR_LENGTH && lineBreaks(text.slice(from, to)) <= NEAR_LINES;
}
