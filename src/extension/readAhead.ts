// Tells the engine where the cursor has come to rest, so that the text before it is read before anybody asks.

import * as vscode from "vscode";
import { RestingCursor } from "../ghostText/restingCursor";
import type { Clock } from "./clock";
import { isEnabledFor } from "./config";
import type { DocumentSync } from "./documentSync";
import type { EngineClient } from "./engineClient";
import type { EngineSupervisor } from "./engineSupervisor";

export interface ReadAheadParts {
  readonly supervisor: EngineSupervisor;
  readonly client: EngineClient;
  readonly sync: DocumentSync;
  readonly clock: Clock;
}

export class ReadAhead implements vscode.Disposable {
  private readonly subscriptions: vscode.Disposable[];
  private readonly cursor: RestingCursor;

  constructor(private readonly parts: ReadAheadParts) {
    this.cursor = new RestingCursor(parts.clock);
    this.subscriptions = [
      vscode.window.onDidChangeActiveTextEditor(() => this.cursorMoved()),
      vscode.window.onDidChangeTextEditorSelection(() => this.cursorMoved()),
    ];
    parts.supervisor.onStatus.on((status) => {
      if (status.type === "ready") this.cursorMoved();
    });
  }

  dispose(): void {
    this.cursor.dispose();
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private cursorMoved(): void {
    this.cursor.moved(() => this.prepare());
  }

  private prepare(): void {
    const { client, sync } = this.parts;
    const editor = vscode.window.activeTextEditor;
    if (!editor?.selection.isEmpty) return;
    if (!isEnabledFor(editor.document)) return;
    const place = sync.locate(editor.document, editor.selection.active);
    if (!place || !sync.isMirrored(place)) return;
    client.prepare(place.uri, place.version, place.offset);
  }
}
