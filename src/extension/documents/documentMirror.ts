// What the engine knows of the open documents.
//
// Opens, changes and closes are sent as they happen, so the order on the channel is the order of the edits, and a
// request sees exactly those that were sent before it. After a restart everything is sent again.

import { REFUSALS } from "../../engine/files/refusal";
import { isSecretPath } from "../../engine/files/secretNames";
import type { HostMessage, TextEdit } from "../../protocol/engine";
import { Emitter } from "../emitter";
import type { Log } from "../log";

/** A text that lives in the editor. The values are those of the moment at which they are read. */
export interface MirrorSource {
  readonly uri: string;
  readonly version: number;
  readonly languageId: string;
  /** See OpenDocument. */
  readonly path?: string;
  /** The path that tells whether it may hold secrets. */
  readonly judgedPath: string;
  /** UTF-16 units. */
  readonly length: number;
  getText(): string;
}

/** A longer text is no code that somebody types, and would keep the engine from what is. */
const MAX_LENGTH = 2_000_000;
/** Minified code and data; a tokenizer's time grows with the line. */
const MAX_LINE_LENGTH = 100_000;
/** A smaller edit is not checked: only many of them, one after the other, could make a line too long. */
const MIN_EDIT_TO_CHECK_LINES = 1000;

interface MirrorEntry {
  source: MirrorSource;
  /** Length of the engine's copy, or undefined while it has none. */
  mirroredLength: number | undefined;
  /** The sentence that tells the user why this document is not mirrored. */
  refusal: string | undefined;
}

export interface MirrorEngine {
  /** Whether there is one to send to, which `send` tells, too. */
  readonly isReady: boolean;
  send(message: HostMessage): boolean;
}

export class DocumentMirror {
  /** Fires when a document is refused for another reason than before, or for none. */
  readonly onRefusal = new Emitter<void>();
  private readonly entries = new Map<string, MirrorEntry>();

  constructor(
    private readonly engine: MirrorEngine,
    private readonly log: Log,
  ) {}

  open(source: MirrorSource): void {
    const entry: MirrorEntry = { source, mirroredLength: undefined, refusal: undefined };
    this.entries.set(source.uri, entry);
    this.sendOpen(entry);
  }

  /** Passes on edits that `source` has already taken; each applies to the result of the one before it. */
  change(uri: string, edits: readonly TextEdit[]): void {
    const entry = this.entries.get(uri);
    if (!entry) return;
    const { mirroredLength } = entry;
    // The engine has no copy. If the text was refused, it may be short enough now; if there is an engine, it is to get it.
    // Otherwise nobody needs the text, which VS Code has to put together from its lines.
    if (mirroredLength === undefined && (entry.refusal !== undefined || this.engine.isReady)) {
      this.sendOpen(entry);
      return;
    }
    const sizeOfEdits = edits.reduce((sum, edit) => sum + edit.deleted + edit.inserted.length, 0);
    this.setRefusal(entry, sizeOfEdits < MIN_EDIT_TO_CHECK_LINES ? refuseLength(entry.source) : refuse(entry.source));
    if (entry.refusal !== undefined) this.sendClose(entry);
    else if (mirroredLength !== undefined) this.sendChange(entry, mirroredLength, edits);
  }

  close(uri: string): void {
    const entry = this.entries.get(uri);
    if (!entry) return;
    this.sendClose(entry);
    this.entries.delete(uri);
  }

  /** Sends all documents to an engine that has none. */
  resendAll(): void {
    for (const entry of this.entries.values()) this.sendOpen(entry);
  }

  /** Whether there is an engine, and its copy of the document is at this version. */
  isMirrored(uri: string, version: number): boolean {
    const entry = this.entries.get(uri);
    return this.engine.isReady && entry?.mirroredLength !== undefined && entry.source.version === version;
  }

  /** Why the document is not mirrored, as a sentence for the user. */
  refusalOf(uri: string): string | undefined {
    return this.entries.get(uri)?.refusal;
  }

  private setRefusal(entry: MirrorEntry, refusal: string | undefined): void {
    if (refusal === entry.refusal) return;
    // A length in the sentence changes with every key.
    if (refusal === undefined || entry.refusal === undefined)
      this.log.info(`${entry.source.judgedPath}: ${refusal ?? "It gets completions again."}`);
    entry.refusal = refusal;
    this.onRefusal.fire();
  }

  private sendOpen(entry: MirrorEntry): void {
    const { source } = entry;
    entry.mirroredLength = undefined;
    const unread = refuseUnread(source);
    const text = unread === undefined ? source.getText() : "";
    this.setRefusal(entry, unread ?? refuseLongLine(text));
    if (entry.refusal !== undefined) return;
    const { uri, version, languageId, path, length } = source;
    const document = { uri, version, languageId, ...(path !== undefined && { path }), text };
    if (this.engine.send({ type: "open", ...document })) entry.mirroredLength = length;
  }

  private sendChange(entry: MirrorEntry, mirroredLength: number, edits: readonly TextEdit[]): void {
    const { uri, version, length } = entry.source;
    entry.mirroredLength = edits.reduce((sum, edit) => sum - edit.deleted + edit.inserted.length, mirroredLength);
    if (entry.mirroredLength === length) {
      this.engine.send({ type: "change", uri, version, edits });
      return;
    }
    // Never seen, but a mirror that is wrong would stay wrong, so start it afresh.
    this.log.warn(`The mirror of a document went out of step by ${length - entry.mirroredLength}; it was sent again.`);
    this.sendClose(entry);
    this.sendOpen(entry);
  }

  private sendClose(entry: MirrorEntry): void {
    if (entry.mirroredLength === undefined) return;
    entry.mirroredLength = undefined;
    this.engine.send({ type: "close", uri: entry.source.uri });
  }
}

function refuse(source: MirrorSource): string | undefined {
  return refuseUnread(source) ?? refuseLongLine(source.getText());
}

/** For what is known without its text. */
function refuseUnread(source: MirrorSource): string | undefined {
  return refuseSecret(source) ?? refuseLength(source);
}

/** The engine would not read it either; so nobody waits for what never comes, and its text stays here. */
function refuseSecret({ judgedPath }: MirrorSource): string | undefined {
  return isSecretPath(judgedPath) ? `No completions in this file: ${REFUSALS.secret}.` : undefined;
}

function refuseLength({ length }: MirrorSource): string | undefined {
  if (length <= MAX_LENGTH) return undefined;
  const millions = (units: number): string => (units / 1e6).toFixed(1);
  return `No completions in this file: it has ${millions(length)} million characters, and the limit is ${millions(MAX_LENGTH)}.`;
}

function refuseLongLine(text: string): string | undefined {
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf("\n", start);
    const length = (end < 0 ? text.length : end) - start;
    if (length > MAX_LINE_LENGTH) {
      return `No completions in this file: it has a line of ${length} characters, and the limit is ${MAX_LINE_LENGTH}.`;
    }
    start += length + 1;
  }
  return undefined;
}
