import * as vscode from "vscode";

/** What the editor in front indents a line with, as set or as found in the text; undefined for a document that it does not show. */
export function indentUnitOf(document: vscode.TextDocument): string | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor?.document !== document) return undefined;
  const { insertSpaces, indentSize } = editor.options;
  if (insertSpaces === false) return "\t";
  return typeof indentSize === "number" ? " ".repeat(indentSize) : undefined;
}
