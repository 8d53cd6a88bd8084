// Where somebody writes in a document: a few places, to which the cursor comes back. Each has the prompt that was read there,
// so that an import that is added far above costs no second reading of the place where it is used.

import type { Offset } from "../../protocol/engine";
import { lineBreaks } from "../../text/lines";
import { Sequence } from "../decoding/sequence";
import type { Mark, MirroredDocument } from "../documents";
import type { LanguageModel } from "../model/languageModel";
import type { DocumentOffer } from "../repository/offer";
import type { BriefPrompt } from "./briefPrompt";
import { FarMemory } from "./farMemory";
import { FrameKeeper } from "./frameKeeper";
import { type Cursor, type LiveText, liveText, prefixEnd } from "./liveText";
import { isWithin, promptStart, promptWindow } from "./promptWindow";

/** With the bundled model a place that is not in use keeps 60 MB at most, besides the repository's state that it begins from. */
const MOST_PLACES = 3;
/** A cursor that has moved by no more than this is at the same place, whatever has changed around it. */
const NEAR_LINES = 8;
const NEAR_LENGTH = 2_000;

export interface Place {
  readonly frames: FrameKeeper;
  readonly far: FarMemory;
  sequence: Sequence;
  /**
   * What is read of a better frame while the present one stays in use. With the bundled model 2,000 tokens take 155 MB while
   * they are read, and 60 MB while they wait for the next rest.
   */
  beside: Sequence | undefined;
  /** What is read instead as long as the prompt would take too long. */
  brief: BriefPrompt | undefined;
  /** Where its prompt begins. */
  readonly mark: Mark;
  readonly cursor: Mark;
  /** Whether anything was read there: a click in passing is none to come back to. */
  isRead: boolean;
}

/** The text around a cursor, with the place that it belongs to. */
export interface PlacedText {
  readonly place: Place;
  readonly live: LiveText;
}

export class Places {
  /** The one in use first, then the one before it. */
  #places: Place[] = [];
  #document: MirroredDocument | undefined;

  constructor(private readonly lm: LanguageModel) {}

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
      this.#newPlace(document, cursor.offset);
    if (place !== this.#places[0]) this.#moveTo(place);
    place.cursor.offset = cursor.offset;
    if (placed !== undefined) return placed;
    place.mark.offset = promptStart(text, place.mark.offset, prefixEnd(cursor), promptWindow(this.lm, repository));
    return { place, live: liveText(document, cursor, repository, place.mark.offset) };
  }

  /** Gives back the memory that only makes going back quick. */
  shrink(): void {
    for (const place of this.#places.slice(1)) this.#leave(place);
    if (this.#places[0] !== undefined) shrink(this.#places[0]);
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

  /** A new place begins as a copy of the last one: much of what was read there may stand before the new cursor, too. */
  #newPlace(document: MirroredDocument, offset: Offset): Place {
    const [last] = this.#places;
    return {
      frames: last?.frames.fork() ?? new FrameKeeper(this.lm),
      far: new FarMemory(this.lm),
      sequence: last?.sequence.fork() ?? new Sequence(this.lm.model),
      beside: undefined,
      brief: undefined,
      mark: document.addMark(last?.mark.offset ?? 0),
      cursor: document.addMark(offset),
      isRead: false,
    };
  }

  #moveTo(place: Place): void {
    const [last] = this.#places;
    if (last !== undefined) shrink(last);
    this.#places = [place, ...this.#places.filter((one) => one !== place)];
    if (this.#places.length > MOST_PLACES) {
      const others = this.#places.slice(1);
      this.#leave(others.findLast(({ isRead }) => !isRead) ?? others.at(-1)!);
    }
  }

  #leave(place: Place): void {
    this.#document?.removeMark(place.mark);
    this.#document?.removeMark(place.cursor);
    this.#places = this.#places.filter((one) => one !== place);
  }
}

function shrink(place: Place): void {
  place.beside = undefined;
  place.brief = undefined;
  place.frames.shrink();
  place.sequence.shrink();
}

function isNear(text: string, one: Offset, other: Offset): boolean {
  const [from, to] = one < other ? [one, other] : [other, one];
  return to - from <= NEAR_LENGTH && lineBreaks(text.slice(from, to)) <= NEAR_LINES;
}
