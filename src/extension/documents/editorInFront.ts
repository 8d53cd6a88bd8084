import * as vscode from "vscode";

/** The one that somebody means who asks for something. To VS Code the output panel is an editor, too, as long as the cursor is in it. */
export function editorInFront(): vscode.TextEditor | undefined {
  const editor = vscode.window.activeTextEditor;
  return editor?.document.uri.scheme === "output" ? undefined : editor;
}
