// A typing session while it happens, as the text of a recording. Nothing of it leaves memory from here.

import { REFUSALS } from "../../engine/files/refusal";
import { isSecretPath } from "../../engine/files/secretNames";
import { holdsSecret } from "../../engine/files/secretText";
import { applyEdits, type TextEdit } from "../../text/edit";
import { formatEvent, formatHeader, type RecordedEvent, type RecordingHeader } from "../../text/recording";

/** The editor reports where the cursor has gone right after the edit that took it there. */
const SAME_MOMENT_MS = 20;
/** An hour of fast typing. */
export const MOST_EVENTS = 30_000;
/** UTF-16 units before and behind an edit: a secret that is typed stands on a few lines. */
const AROUND = 2_000;
/** What tokens and keys are made of: who writes before such a character may take apart what is one. */
const OF_TOKENS = /[\w+/=.-]/;

/** Why a document must not be recorded, as the end of a sentence; undefined when it may be. */
export function refuseRecording(path: string, text: string): string | undefined {
  if (isSecretPath(path)) return REFUSALS.secret;
  if (holdsSecret(text)) return REFUSALS.secretText;
  return undefined;
}

export class TypingRecorder {
  private readonly events: RecordedEvent[];
  private text: string;
  /** Why what was there once must not be written. */
  private earlierRefusal: string | undefined;

  /** `cursor` is where it is when the recording begins. */
  constructor(
    private readonly header: RecordingHeader,
    cursor: number,
    private readonly startedAt: number,
  ) {
    this.text = header.text;
    this.events = [{ tMs: 0, edits: [], cursor }];
  }

  edited(now: number, edits: readonly TextEdit[]): void {
    const last = edits.at(-1);
    if (last === undefined) return;
    this.noteWhatGoes(edits);
    this.text = applyEdits(this.text, edits);
    this.add(now, edits, last.offset + last.inserted.length);
  }

  cursorMoved(now: number, cursor: number): void {
    const last = this.events.at(-1)!;
    if (cursor === last.cursor) return;
    const isSameMoment = last.edits.length > 0 && this.timeOf(now) - last.tMs < SAME_MOMENT_MS;
    if (isSameMoment) this.events[this.events.length - 1] = { ...last, cursor };
    else this.add(now, [], cursor);
  }

  get keystrokes(): number {
    return this.events.filter(({ edits }) => edits.length > 0).length;
  }

  /** Nothing more is to be taken in. */
  get isFull(): boolean {
    return this.events.length >= MOST_EVENTS;
  }

  /** Why the session must not be written: what was typed or pasted may be a secret even where the file was none. */
  get refusal(): string | undefined {
    if (this.earlierRefusal !== undefined) return this.earlierRefusal;
    const typed = this.events.flatMap(({ edits }) => edits.map(({ inserted }) => inserted));
    return [this.text, ...typed].map((text) => refuseRecording(this.header.file, text)).find((reason) => reason);
  }

  toString(): string {
    return formatHeader(this.header) + this.events.map(formatEvent).join("");
  }

  private add(now: number, edits: readonly TextEdit[], cursor: number): void {
    this.events.push({ tMs: this.timeOf(now), edits, cursor });
  }

  /**
   * What was typed key by key is whole only until some of it is deleted, or something comes between; it stays in the recording. Looks
   * once, from the first such place to the last: "Replace All" has thousands.
   */
  private noteWhatGoes(edits: readonly TextEdit[]): void {
    let [start, end] = [Number.POSITIVE_INFINITY, 0];
    for (const { offset, deleted } of edits) {
      if (deleted === 0 && !OF_TOKENS.test(this.text.charAt(offset))) continue;
      start = Math.min(start, offset);
      end = Math.max(end, offset + deleted);
    }
    if (start > end) return;
    const text = this.text.slice(Math.max(0, start - AROUND), end + AROUND);
    this.earlierRefusal ??= refuseRecording(this.header.file, text);
  }

  private timeOf(now: number): number {
    return Math.round(now - this.startedAt);
  }
}
