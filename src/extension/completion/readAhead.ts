// Tells the engine where the cursor has come to rest, so that the text before it is read before the next key asks.

import * as vscode from "vscode";
import { RestingCursor } from "../../ghostText/restingCursor";
import type { DocumentPlace } from "../../protocol/engine";
import type { Clock } from "../clock";
import type { DocumentSync } from "../documents/documentSync";
import type { Emitter } from "../emitter";
import type { EngineClient } from "../engineProcess/engineClient";
import type { EngineSupervisor } from "../engineProcess/engineSupervisor";
import type { CompletionScope } from "./completionScope";

export interface ReadAheadParts {
  readonly supervisor: EngineSupervisor;
  readonly client: EngineClient;
  readonly sync: DocumentSync;
  readonly scope: CompletionScope;
  /** Somebody has asked for a completion in this document. */
  readonly onRequest: Emitter<vscode.TextDocument>;
  readonly clock: Clock;
}

export class ReadAhead implements vscode.Disposable {
  private readonly subscriptions: vscode.Disposable[];
  private readonly cursor: RestingCursor;
  private readonly askedIn = new WeakSet<vscode.TextDocument>();

  constructor(private readonly parts: ReadAheadParts) {
    this.cursor = new RestingCursor(parts.clock);
    this.subscriptions = [
      vscode.window.onDidChangeActiveTextEditor(() => this.cursor.put(() => this.prepare())),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor, kind }) => {
        if (textEditor === vscode.window.activeTextEditor) this.cursorMoved(kind);
      }),
    ];
    // Also after an edit that leaves the cursor where it is, as it has ended the reading ahead.
    parts.sync.onEdit.on(({ uri }) => {
      if (this.placeInFront()?.uri === uri) this.cursor.moved(() => this.prepare());
    });
    parts.onRequest.on((document) => this.askedIn.add(document));
    parts.supervisor.onStatus.on((status) => {
      if (status.type === "ready") this.prepare();
    });
  }

  dispose(): void {
    this.cursor.dispose();
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private cursorMoved(kind: vscode.TextEditorSelectionChangeKind | undefined): void {
    if (kind === vscode.TextEditorSelectionChangeKind.Mouse) this.cursor.put(() => this.prepare());
    else this.cursor.moved(() => this.prepare());
  }

  private prepare(): void {
    const { client, sync } = this.parts;
    const editor = vscode.window.activeTextEditor;
    if (!editor?.selection.isEmpty) return;
    if (!this.isWorthwhileIn(editor.document)) return;
    const place = this.placeInFront();
    if (!place || !sync.isMirrored(place)) return;
    client.prepare(place.uri, place.version, place.offset);
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
