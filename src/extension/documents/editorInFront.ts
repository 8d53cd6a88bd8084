import * as vscode from "vscode";

/** That of the report on this extension itself. */
export const DIAGNOSTICS_SCHEME = "griffin-diagnostics";

/**
 * The one that somebody means who asks for something: no report, ours included. To VS Code the output panel is an editor, too, as long
 * as the cursor is in it.
 */
export function editorInFront(): vscode.TextEditor | undefined {
  const editor = vscode.window.activeTextEditor;
  return editor && REPORTS.has(editor.document.uri.scheme) ? undefined : editor;
}

const REPORTS: ReadonlySet<string> = new Set(["output", DIAGNOSTICS_SCHEME]);
