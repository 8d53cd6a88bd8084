// What is asked for a completion: where the cursor is, what is chosen in the suggestion list, and which part of a completion
// answers that.

import type { DocumentPlace } from "../protocol/engine";
import type { GateQuestion } from "./completionGate";
import type { FollowedCompletion, Suggestion } from "./followedCompletion";

export interface CompletionQuestion extends GateQuestion {
  /** The cursor. */
  readonly place: DocumentPlace;
  /** The entry chosen in the suggestion list: the cursor is imagined behind it. */
  readonly selected?: SelectedEntry;
  /** When the editor gives up, in milliseconds of the epoch: see heldList.ts. Undefined: it waits for as long as it takes. */
  readonly answerBy?: number;
  /** The document's version now, which may be later than the question's. */
  currentVersion(): number;
  /** Whether the engine has the document, at the question's version. */
  isMirrored(): boolean;
}

export interface SelectedEntry {
  readonly offset: number;
  readonly deleted: number;
  readonly text: string;
  /** What the document has between `offset` and the cursor. */
  readonly typed: string;
}

/** What of `completion` answers the question. */
export function suggestionFrom(
  completion: FollowedCompletion,
  { place, selected }: CompletionQuestion,
): Suggestion | undefined {
  const remainder = completion.remainder(place);
  if (!remainder || !selected) return remainder;
  // The list may have chosen what the ghost text says anyway.
  const rest = restOf(selected, place.offset);
  if (rest === undefined || remainder.text.length <= rest.length || !remainder.text.startsWith(rest)) return undefined;
  return { ...remainder, text: remainder.text.slice(rest.length) };
}

/** What of the selected entry comes after the cursor; undefined when it does not simply go on from what is typed. */
export function restOf(selected: SelectedEntry, cursor: number): string | undefined {
  const endsAtCursor = selected.offset + selected.deleted === cursor;
  return endsAtCursor && selected.text.startsWith(selected.typed)
    ? selected.text.slice(selected.typed.length)
    : undefined;
}
