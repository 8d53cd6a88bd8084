// Has the model loaded once somebody at this window will want completions: each window has a model of its own, and those that
// VS Code opens again together are not all looked at. Who asks for something has it loaded without this.

import * as vscode from "vscode";
import { editorInFront } from "../documents/editorInFront";
import type { EngineSupervisor } from "../engineProcess/engineSupervisor";
import type { CompletionScope } from "./completionScope";

export interface EngineNeedParts {
  readonly supervisor: Pick<EngineSupervisor, "startForDocument">;
  readonly scope: CompletionScope;
}

export class EngineNeed implements vscode.Disposable {
  private readonly subscriptions: readonly vscode.Disposable[];

  constructor(private readonly parts: EngineNeedParts) {
    this.subscriptions = [
      vscode.window.onDidChangeWindowState(() => this.look()),
      // In a browser, VS Code may not know that its window has the keyboard, but a moved cursor shows it. When VS Code itself
      // moves the cursor, there is no kind.
      vscode.window.onDidChangeTextEditorSelection(({ textEditor, kind }) => {
        if (kind !== undefined && textEditor === vscode.window.activeTextEditor) this.begin();
      }),
      { dispose: parts.scope.onChange.on(() => this.look()) },
    ];
    this.look();
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private look(): void {
    if (vscode.window.state.focused) this.begin();
  }

  /** Once: an engine that has stopped since was stopped on purpose. */
  private begin(): void {
    const { supervisor, scope } = this.parts;
    if (editorInFront() === undefined || scope.inFront.type === "off") return;
    supervisor.startForDocument();
    this.dispose();
  }
}
