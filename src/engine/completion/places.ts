// Where somebody writes in a document: a few places, to which the cursor comes back. Each has the prompt that was read there,
// so that an import that is added far above costs no second reading of the place where it is used.

import type { Offset } from "../../protocol/engine";
import { lineBreaks } from "../../text/lines";
import type { MirroredDocument } from "../documents";
import type { LanguageModel } from "../model/languageModel";
import type { DocumentOffer } from "../repository/offer";
import { type Cursor, type LiveText, liveText, prefixEnd } from "./liveText";
import type { Patience } from "./patience";
import { Place } from "./place";
import { isWithin, promptStart, promptWindow } from "./promptWindow";

/** With the bundled model a place that is not in use keeps 60 MB at most, besides the repository's state that it begins from. */
const MOST_PLACES = 3;
/** A cursor that has moved by no more than this is at the same place, whatever has changed around it. */
const NEAR_LINES = 8;
const NEAR_LENGTH = 2_000;

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

  /** The place that has this cursor: one whose prompt is still true there, else one nearby, else a new one. */
  at(document: MirroredDocument, cursor: Cursor, repository: DocumentOffer | undefined): PlacedText {
    if (document !== this.#document) this.#places = [];
    this.#document = document;
    for (const place of this.#places.filter(({ frames }) => !frames.isAllowed(repository))) this.#leave(place);
    const { text } = document;
    const placed = this.#trueAt(document, cursor, repository);
    const place =
      placed?.place ??
      this.#places.find((one) => isNear(text, one.cursor.offset, cursor.offset)) ??
      new Place(this.lm, this.patience, document, cursor.offset, this.#places[0]);
    if (place !== this.#places[0]) this.#moveTo(place);
    place.cursor.offset = cursor.offset;
    if (placed !== undefined) return placed;
    place.mark.offset = promptStart(text, place.mark.offset, prefixEnd(cursor), promptWindow(this.lm, repository));
    return { place, live: liveText(document, cursor, repository, place.mark.offset) };
  }

  /** Gives back the memory that only makes going back quick. */
  shrink(): void {
    for (const place of this.#places.slice(1)) this.#leave(place);
    this.#places[0]?.shrink();
  }

  /** The document is closed, so nobody comes back to a place of it. */
  close(): void {
    for (const place of this.#places) this.#leave(place);
  }

  #trueAt(document: MirroredDocument, cursor: Cursor, repository: DocumentOffer | undefined): PlacedText | undefined {
    const window = promptWindow(this.lm, repository);
    for (const place of this.#places) {
      if (!isWithin(window, place.mark.offset, prefixEnd(cursor))) continue;
      const live = liveText(document, cursor, repository, place.mark.offset);
      if (place.frames.isTrueAt(live, repository)) return { place, live };
    }
    return undefined;
  }

  #moveTo(place: Place): void {
    this.#places[0]?.shrink();
    this.#places = [place, ...this.#places.filter((one) => one !== place)];
    if (this.#places.length > MOST_PLACES) {
      const others = this.#places.slice(1);
      this.#leave(others.findLast(({ isRead }) => !isRead) ?? others.at(-1)!);
    }
  }

  #leave(place: Place): void {
    place.leave();
    this.#places = this.#places.filter((one) => one !== place);
  }
}

function isNear(text: string, one: Offset, other: Offset): boolean {
  const [from, to] = one < other ? [one, other] : [other, one];
  return to - from <= NEAR_LENGTH && lineBreaks(text.slice(from, to)) <= NEAR_LINES;
}
