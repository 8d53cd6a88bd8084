// Says where the cursor has come to rest, so that the engine reads the text before it before the next key asks: where somebody
// is, and not wherever a program writes.

import * as vscode from "vscode";
import type { GhostText } from "../../ghostText/ghostText";
import { type Rest, RestingCursor } from "../../ghostText/restingCursor";
import type { DocumentPlace, TextEdit } from "../../protocol/engine";
import type { Clock } from "../clock";
import type { DocumentEdit, DocumentSync } from "../documents/documentSync";
import type { Emitter } from "../emitter";
import type { EngineSupervisor } from "../engineProcess/engineSupervisor";
import type { CompletionScope } from "./completionScope";

export interface ReadAheadParts {
  readonly supervisor: EngineSupervisor;
  readonly ghostText: Pick<GhostText, "cursorRests">;
  readonly sync: DocumentSync;
  readonly scope: CompletionScope;
  /** Somebody has asked for a completion in this document. */
  readonly onRequest: Emitter<vscode.TextDocument>;
  readonly isOnBattery: () => boolean;
  readonly clock: Clock;
}

/** For so long after an edit a click says where the next one will be. In a document that is only read, most clicks say nothing. */
const WRITTEN_MS = 10 * 60_000;
/** How long nothing must have changed away from the cursor: longer with each reading, as a program may go on for ever. */
const ELSEWHERE_RESTS: readonly Rest[] = ["stay", "long", "longest"];

export class ReadAhead implements vscode.Disposable {
  private readonly subscriptions: vscode.Disposable[];
  private readonly cursor: RestingCursor;
  private readonly elsewhere: RestingCursor;
  private readonly askedIn = new WeakSet<vscode.TextDocument>();
  /** When somebody has written in a document last. */
  private readonly writtenAt = new WeakMap<vscode.TextDocument, number>();
  /** Whether the window has the keyboard. */
  private isAttended = vscode.window.state.focused;
  /** Whether the text or the cursor's place has changed since it was read last. */
  private isOutdated = false;
  /** How often what has changed away from the cursor was read since somebody did something. */
  private readingsElsewhere = 0;

  constructor(private readonly parts: ReadAheadParts) {
    this.cursor = new RestingCursor(parts.clock);
    this.elsewhere = new RestingCursor(parts.clock);
    this.subscriptions = [
      vscode.window.onDidChangeActiveTextEditor(() => this.read("none")),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor, kind }) => {
        if (textEditor === vscode.window.activeTextEditor) this.cursorMoved(textEditor.document, kind);
      }),
      vscode.window.onDidChangeWindowState(({ focused }) => {
        this.isAttended = focused;
        if (focused && this.isOutdated) this.read("step");
      }),
    ];
    // Also after an edit that leaves the cursor where it is, as it has ended the reading ahead.
    parts.sync.onEdit.on((edit) => this.edited(edit));
    parts.onRequest.on((document) => this.askedIn.add(document));
    parts.supervisor.onStatus.on((status) => {
      if (status.type === "ready") this.read("none");
    });
  }

  dispose(): void {
    this.cursor.dispose();
    this.elsewhere.dispose();
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private cursorMoved(document: vscode.TextDocument, kind: vscode.TextEditorSelectionChangeKind | undefined): void {
    // VS Code has moved it by itself, as where a program has changed the text before it.
    if (kind === undefined) {
      this.readElsewhere();
      return;
    }
    // In a browser, VS Code may not know that its window has the keyboard, but a moved cursor shows it.
    const { Mouse, Keyboard } = vscode.TextEditorSelectionChangeKind;
    const isClick = kind === Mouse;
    if (isClick || kind === Keyboard) this.isAttended = true;
    if (isClick) this.read(this.isWrittenIn(document) ? "none" : "stay");
    else this.read("step");
  }

  private edited({ uri, edits }: Pick<DocumentEdit, "uri" | "edits">): void {
    const place = this.placeInFront();
    if (place?.uri !== uri) return;
    this.isOutdated = true;
    if (!this.isAttended) return;
    if (!edits.some((edit) => isAt(place.offset, edit))) {
      this.readElsewhere();
      return;
    }
    this.writtenAt.set(vscode.window.activeTextEditor!.document, this.parts.clock.now());
    this.read("step");
  }

  private isWrittenIn(document: vscode.TextDocument): boolean {
    const { clock } = this.parts;
    return clock.now() - (this.writtenAt.get(document) ?? -Infinity) < WRITTEN_MS;
  }

  /** Somebody has done something: reads once the cursor has rested. Without anybody at the window it was a program. */
  private read(rest: Rest): void {
    if (!this.isAttended) {
      this.isOutdated = true;
      return;
    }
    this.readingsElsewhere = 0;
    this.elsewhere.dispose();
    this.cursor.moved(() => this.prepare(), this.parts.isOnBattery() ? "stay" : rest);
  }

  /**
   * Something has happened away from the cursor, by itself: as after a key that saves and formats, or all the time. Reads once it
   * is over, as each such edit ends the reading.
   */
  private readElsewhere(): void {
    if (!this.isAttended || this.cursor.isMoving) return;
    const rest = ELSEWHERE_RESTS[this.readingsElsewhere] ?? ELSEWHERE_RESTS.at(-1);
    this.elsewhere.moved(() => {
      if (this.isAttended && this.prepare()) this.readingsElsewhere++;
    }, rest);
  }

  /** Whether the engine was asked to read. */
  private prepare(): boolean {
    const { ghostText, sync } = this.parts;
    const editor = vscode.window.activeTextEditor;
    if (!editor?.selection.isEmpty) return false;
    if (!this.isWorthwhileIn(editor.document)) return false;
    const place = this.placeInFront();
    if (!place || !sync.isMirrored(place)) return false;
    this.isOutdated = false;
    ghostText.cursorRests(place);
    return true;
  }

  /** The cursor's place in the editor in front, if the engine is told of that document. */
  private placeInFront(): DocumentPlace | undefined {
    const editor = vscode.window.activeTextEditor;
    return editor && this.parts.sync.locate(editor.document, editor.selection.active);
  }

  /**
   * With completions only on request, often to save power, few documents are asked in. Where one was asked for, another will
   * be.
   */
  private isWorthwhileIn(document: vscode.TextDocument): boolean {
    const { type } = this.parts.scope.of(document);
    return type === "on" || (type === "asked" && this.askedIn.has(document));
  }
}

/** Whether the edit is at the cursor, which VS Code may have moved along already. */
function isAt(cursor: number, { offset, deleted, inserted }: TextEdit): boolean {
  return offset <= cursor && cursor <= offset + Math.max(deleted, inserted.length);
}
