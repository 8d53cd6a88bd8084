// A typing session as a file: a line of JSON that says what was open, then one for each thing that happened.
//
// Shared by the extension's recorder, which writes, and `griffin replay`, which reads. Knows no clock and no files.

import { applyEdits, type TextEdit } from "./edit";
import { isCount, isObject } from "./json";

export interface RecordingHeader {
  /** Repository-relative, or the file's name. */
  readonly file: string;
  readonly languageId: string;
  /** Where the session comes from, as a sentence. */
  readonly origin?: string;
  /** What the editor indented a line with, as far as it is known. */
  readonly indentUnit?: string;
  /** The document when the recording began. */
  readonly text: string;
}

export interface RecordedEvent {
  /** Since the recording began. */
  readonly tMs: number;
  /** In order, each to the result of the one before it; empty when only the cursor moved. */
  readonly edits: readonly TextEdit[];
  /** Where the cursor was afterwards. A file leaves it out where that is the last edit's end. */
  readonly cursor: number;
  /** The user asked for a completion here. Without it, edits ask by themselves, as in the editor. */
  readonly request?: "invoke";
}

export interface Recording {
  readonly header: RecordingHeader;
  readonly events: readonly RecordedEvent[];
}

const FORMAT = "griffin-recording";
const VERSION = 1;

export function formatHeader(header: RecordingHeader): string {
  return `${JSON.stringify({ format: FORMAT, version: VERSION, ...header })}\n`;
}

export function formatEvent({ tMs, edits, cursor, request }: RecordedEvent): string {
  const isImplied = cursor === endOf(edits);
  return `${JSON.stringify({ tMs, edits, cursor: isImplied ? undefined : cursor, request })}\n`;
}

/** Reads a recording. Throws a sentence that names the line which is wrong. */
export function parseRecording(jsonl: string): Recording {
  const lines = jsonl.split("\n");
  if (lines.at(-1) === "") lines.pop();
  const values = lines.map((line, index) => parseLine(line, index));
  const header = values[0];
  if (!isObject(header) || header.format !== FORMAT) {
    throw new Error(
      "This is not a recording: its first line is not a recording's header. Record one with Griffin: Record Typing.",
    );
  }
  if (header.version !== VERSION) {
    throw new Error(`The recording has version ${header.version} and version ${VERSION} can be read. Record it again.`);
  }
  const { file, languageId, origin, indentUnit, text } = header;
  if (typeof file !== "string" || typeof languageId !== "string" || typeof text !== "string") {
    throw new Error("Line 1 lacks the file, its language or its text. Record it again.");
  }
  const events = readEvents(values.slice(1), text);
  const known = {
    ...(typeof origin === "string" && { origin }),
    ...(typeof indentUnit === "string" && { indentUnit }),
  };
  return { header: { file, languageId, ...known, text }, events };
}

/** Checks every event against the text that it happens to, so that whoever plays them need not. */
function readEvents(values: readonly unknown[], text: string): RecordedEvent[] {
  let current = text;
  let lastMs = 0;
  return values.map((value, index) => {
    const where = `Line ${index + 2}`;
    if (!isEvent(value)) throw new Error(`${where} is not an event: it needs tMs and edits.`);
    if (value.tMs < lastMs) throw new Error(`${where} happens before the line above it.`);
    lastMs = value.tMs;
    for (const edit of value.edits) {
      if (edit.offset + edit.deleted > current.length) throw new Error(`${where} edits beyond the text's end.`);
      current = applyEdits(current, [edit]);
    }
    const cursor = value.cursor ?? endOf(value.edits);
    if (cursor === undefined) throw new Error(`${where} has neither edits nor a cursor.`);
    if (cursor > current.length) throw new Error(`${where} has its cursor beyond the text's end.`);
    return { ...value, cursor };
  });
}

function endOf(edits: readonly TextEdit[]): number | undefined {
  const last = edits.at(-1);
  return last && last.offset + last.inserted.length;
}

function isEvent(value: unknown): value is Omit<RecordedEvent, "cursor"> & { readonly cursor?: number } {
  if (!isObject(value) || !Array.isArray(value.edits)) return false;
  const isRequest = value.request === undefined || value.request === "invoke";
  const isCursor = value.cursor === undefined || isCount(value.cursor);
  return isTime(value.tMs) && isCursor && isRequest && value.edits.every(isEdit);
}

function isEdit(value: unknown): value is TextEdit {
  return isObject(value) && isCount(value.offset) && isCount(value.deleted) && typeof value.inserted === "string";
}

function isTime(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && Number.isFinite(value);
}

function parseLine(line: string, index: number): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new Error(`Line ${index + 1} of the recording is not JSON.`);
  }
}
