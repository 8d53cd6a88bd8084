// A completion at a place in a document, followed through the edits that agree with it; also while it is being written.
//
// Ghost text is written `foo[bar]`: typing `b` makes it `foob[ar]`, typing `x` makes it go away. Offsets are those of
// the document, which may end its lines with \r\n; the completion's text has \n.

import type { DocumentPlace, TextEdit } from "../protocol/engine";
import { normalizeLineEnds } from "../text/lines";

export interface Suggestion {
  /** To be inserted at the cursor, or behind the selected entry. */
  readonly text: string;
  /** How much of the document after the cursor is replaced: brackets that the editor closed by itself. */
  readonly replacedTail: number;
}

/** `used`: all of it has been typed or accepted. `opened`: followed, and what stands behind it has a line of its own now. */
export type Following = "followed" | "left" | "used" | "opened";

/** What editors insert in pairs. */
export const AUTO_CLOSED = ["()", "[]", "{}", '""', "''", "``"];

/** What Enter inserts between brackets: a line for the cursor, and the break that puts the closing bracket on the next one. */
const LINE_BETWEEN_BRACKETS = /^(\r?\n[ \t]*)\r?\n[ \t]*$/;

/** What of it stands before the cursor; undefined if something else was inserted. */
export function lineBetweenBrackets(inserted: string): string | undefined {
  return LINE_BETWEEN_BRACKETS.exec(inserted)?.[1];
}

export function isSamePlace(one: DocumentPlace, other: DocumentPlace): boolean {
  return one.uri === other.uri && one.version === other.version && one.offset === other.offset;
}

export class FollowedCompletion {
  #place: DocumentPlace;
  /** What is written so far, and whether that is all. */
  #text = "";
  #isWhole = false;
  /** What is in the document already; it may be ahead of what is written. */
  #typed = "";
  /** What the editor closed by itself behind the cursor. */
  #tail = "";
  /** Whether Enter between brackets has put a line break behind the cursor, which the completion does not have to bring. */
  #isOpened = false;
  /**
   * After an edit that inserted a pair: how things stand if the cursor turns out to be behind the pair and not inside of it.
   */
  #behindPair: (Pick<DocumentPlace, "offset"> & { readonly typed: string; readonly tail: string }) | undefined;

  /** @param before what the cursor's line has before `place`: an item that is accepted repeats the word that it begins with */
  constructor(
    place: DocumentPlace,
    private readonly before = "",
  ) {
    this.#place = place;
  }

  /** Where the remainder begins, in the version that the last edit made. */
  get place(): DocumentPlace {
    return this.#place;
  }

  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** Nothing came of it. */
  get isNothing(): boolean {
    return this.#isWhole && this.#text === "";
  }

  /** Whether a bracket or quote that the editor closed by itself stands behind the cursor. */
  get isWithinPair(): boolean {
    return this.#tail !== "";
  }

  /** Nothing of it has been typed, or all that was has been taken back. */
  get isUntouched(): boolean {
    return this.#typed === "";
  }

  /** Moves to where the cursor is now: the suggestion that this one was written to follow has been accepted. */
  moveTo(place: DocumentPlace): void {
    this.#place = place;
  }

  /** Takes more of what is written. False when that does not agree with what the user has typed meanwhile. */
  write(text: string): boolean {
    this.#text += text;
    return agree(this.#text, this.#typed);
  }

  /**
   * Takes the whole text, which may be less than was written on the way, or something else. False as with `write`, or when
   * nothing of it is left to show.
   */
  finish(text: string): boolean {
    this.#text = this.#isOpened ? text.trimEnd() : text;
    this.#isWhole = true;
    return this.#text.length > this.#typed.length && text.startsWith(this.#typed);
  }

  /** All of it, as far as it is written. */
  get text(): string {
    return this.#text;
  }

  /**
   * Follows an edit that types what is written, or takes back what was typed of it. Others may come with it, as of further
   * cursors: they move it at most.
   */
  apply(version: number, edits: readonly TextEdit[]): Following {
    const wasOpened = this.#isOpened;
    let isFollowed = false;
    for (const edit of edits) {
      if (this.#isElsewhere(edit)) this.#moveWith(edit);
      else if (this.#follow(edit)) isFollowed = true;
      else return "left";
    }
    if (!isFollowed) return "left";
    this.#place = { ...this.#place, version };
    return this.#isOpened === wasOpened ? this.#following : "opened";
  }

  /**
   * Tells where the cursor is. Typing `(`, which the editor closes, and accepting `()` are the same edit, and only the cursor
   * tells them apart.
   */
  cursorAt(place: DocumentPlace): Following {
    const behind = this.#behindPair;
    const here = this.#place;
    const isBehind = behind !== undefined && isSamePlace({ ...here, offset: behind.offset }, place);
    if (isBehind && this.#allows(behind.typed)) {
      this.#typed = behind.typed;
      this.#tail = behind.tail;
      this.#place = { ...here, offset: behind.offset };
      this.#behindPair = undefined;
    }
    return this.#following;
  }

  /** What is left of it to show, if it stands at this place; undefined when nothing is known there. */
  remainder(place: DocumentPlace): Suggestion | undefined {
    if (!isSamePlace(this.#place, place)) return undefined;
    const text = this.#text.slice(this.#typed.length);
    if (text === "" || (this.#isWhole && !closes(text, this.#tail))) return undefined;
    return { text, replacedTail: this.#tail.length };
  }

  get #following(): Following {
    // Not used up while a bracket that the editor closed still stands behind the cursor: what was written ahead does not know
    // of it.
    const isTyped = this.#isWhole && !this.isNothing && this.#typed === this.#text;
    return isTyped && this.#tail === "" ? "used" : "followed";
  }

  #isElsewhere({ offset, deleted }: TextEdit): boolean {
    return offset + deleted < this.#place.offset || offset > this.#place.offset + this.#tail.length;
  }

  #moveWith({ offset, deleted, inserted }: TextEdit): void {
    if (offset > this.#place.offset) return;
    const length = inserted.length - deleted;
    this.#place = { ...this.#place, offset: this.#place.offset + length };
    if (this.#behindPair) this.#behindPair = { ...this.#behindPair, offset: this.#behindPair.offset + length };
  }

  #follow(made: TextEdit): boolean {
    const edit = this.#withoutRepeated(made);
    this.#behindPair = undefined;
    if (edit.deleted === 0) {
      // An edit that repeats what stands before the cursor is an accepted item: nobody types that.
      const isAccepted = edit !== made;
      return edit.offset === this.#place.offset && this.#followInsertion(edit.inserted, isAccepted);
    }
    if (edit.inserted === "") return this.#followDeletion(edit);
    return this.#followReplacement(edit);
  }

  /** VS Code replaces all of an item's range, so the edit may begin before the place, with the text that is there. */
  #withoutRepeated(edit: TextEdit): TextEdit {
    const length = this.#place.offset - edit.offset;
    const isRepeated =
      length > 0 &&
      edit.deleted >= length &&
      edit.inserted.length >= length &&
      (this.before + this.#typed).endsWith(normalizeLineEnds(edit.inserted.slice(0, length)));
    if (!isRepeated) return edit;
    return { offset: this.#place.offset, deleted: edit.deleted - length, inserted: edit.inserted.slice(length) };
  }

  #followInsertion(inserted: string, isAccepted: boolean): boolean {
    const remaining = this.#text.slice(this.#typed.length);
    const typed = this.#typed + normalizeLineEnds(inserted);
    if (!isAccepted && AUTO_CLOSED.includes(inserted) && remaining[0] === inserted[0]) {
      // Typing `(` inserted `()`: the second bracket belongs to the remainder, which replaces it.
      const tail = inserted[1]! + this.#tail;
      if (this.#isWhole && !closes(remaining.slice(1), tail)) return false;
      this.#behindPair = { offset: this.#place.offset + inserted.length, typed, tail: this.#tail };
      this.#tail = tail;
      this.#move(inserted[0]!, 1);
      return true;
    }
    // What has blank lines itself is accepted word by word.
    const isOwn = this.#isWhole && this.#text.startsWith(typed);
    const line = isOwn ? undefined : lineBetweenBrackets(inserted);
    if (line !== undefined && this.#followOpening(line)) return true;
    if (!this.#allows(typed)) return false;
    this.#move(typed.slice(this.#typed.length), inserted.length);
    return true;
  }

  /** Enter between brackets: a completion that ends in the break before the closing one has nothing to end in any more. */
  #followOpening(line: string): boolean {
    const added = normalizeLineEnds(line);
    // A bracket that is to be replaced now stands on another line.
    if (this.#tail !== "" || !this.#allows(this.#typed + added)) return false;
    if (this.#isWhole) this.#text = this.#text.trimEnd();
    this.#isOpened = true;
    this.#move(added, line.length);
    return true;
  }

  /** Backspace over what was typed of the completion. */
  #followDeletion({ offset, deleted }: TextEdit): boolean {
    const start = this.#typed.length - deleted;
    if (offset + deleted !== this.#place.offset || start < 0) return false;
    // A line end may be two characters in the document.
    if (this.#typed.slice(start).includes("\n")) return false;
    this.#typed = this.#typed.slice(0, start);
    this.#place = { ...this.#place, offset };
    return true;
  }

  /** Typing the `)` that the editor has put there replaces it by itself; accepting the rest replaces all of them. */
  #followReplacement({ offset, deleted, inserted }: TextEdit): boolean {
    if (offset !== this.#place.offset || deleted > this.#tail.length) return false;
    const remaining = this.#text.slice(this.#typed.length);
    const isOvertyping = inserted === this.#tail.slice(0, deleted) && remaining.startsWith(inserted);
    const text = normalizeLineEnds(inserted);
    const isAccepted = deleted === this.#tail.length && this.#isWhole && text === remaining;
    if (!isOvertyping && !isAccepted) return false;
    this.#tail = this.#tail.slice(deleted);
    this.#move(text, inserted.length);
    return true;
  }

  /** Whether this may be what was typed of it. */
  #allows(typed: string): boolean {
    return this.#isWhole ? this.#text.startsWith(typed) : agree(this.#text, typed);
  }

  #move(typed: string, length: number): void {
    this.#typed += typed;
    this.#place = { ...this.#place, offset: this.#place.offset + length };
  }
}

/** Whether one of the texts goes on as the other. */
function agree(a: string, b: string): boolean {
  return a.length < b.length ? b.startsWith(a) : a.startsWith(b);
}

/** Whether the rest of a completion has on its line all that the editor closed, in this order. */
function closes(rest: string, tail: string): boolean {
  let found = 0;
  for (const character of rest.split("\n")[0]!) if (character === tail[found]) found++;
  return found === tail.length;
}
