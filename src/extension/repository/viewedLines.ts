// From VS Code's visible ranges to Viewing.

import * as vscode from "vscode";
import type { Clock } from "../clock";
import type { DocumentSync } from "../documents/documentSync";
import type { EngineSupervisor } from "../engineProcess/engineSupervisor";
import { type LinesInView, Viewing } from "./viewing";

export interface ViewedLinesParts {
  readonly supervisor: EngineSupervisor;
  readonly sync: DocumentSync;
  readonly clock: Clock;
}

export class ViewedLines implements vscode.Disposable {
  private readonly viewing: Viewing;
  private readonly subscriptions: vscode.Disposable[];

  constructor(private readonly parts: ViewedLinesParts) {
    const { supervisor, clock } = parts;
    this.viewing = new Viewing(clock, (message) => supervisor.send(message));
    const moved = (): void => this.viewing.moved(() => this.view());
    this.subscriptions = [
      vscode.window.onDidChangeActiveTextEditor(moved),
      vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => {
        if (textEditor === vscode.window.activeTextEditor) moved();
      }),
    ];
    supervisor.onReady.on(() => {
      this.viewing.forget();
      moved();
    });
  }

  dispose(): void {
    this.viewing.dispose();
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private view(): { uri: string; ranges: LinesInView[] } | undefined {
    const { sync } = this.parts;
    const editor = vscode.window.activeTextEditor;
    if (!editor) return undefined;
    const place = sync.locate(editor.document, new vscode.Position(0, 0));
    // A cell's lines are not those of its notebook, which is what the engine has.
    if (!place || place.uri !== editor.document.uri.toString()) return undefined;
    if (!sync.isMirrored(place)) return undefined;
    const ranges = editor.visibleRanges.map(({ start, end }) => ({ startLine: start.line + 1, endLine: end.line + 1 }));
    return { uri: place.uri, ranges };
  }
}
