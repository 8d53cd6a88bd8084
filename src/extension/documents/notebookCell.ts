// A notebook's cell is a document of its own to VS Code, with an address that lies in no folder. What holds for its notebook holds for it.

import * as vscode from "vscode";

/** Whether a document is a notebook's cell: it is a part of what the engine sees, and no file of its own. */
export function isNotebookCell({ uri }: Pick<vscode.TextDocument, "uri">): boolean {
  return uri.scheme === "vscode-notebook-cell";
}

export function cellOf(document: Pick<vscode.TextDocument, "uri">): vscode.NotebookCell | undefined {
  if (!isNotebookCell(document)) return undefined;
  const cells = vscode.workspace.notebookDocuments.flatMap((notebook) => notebook.getCells());
  return cells.find((cell) => cell.document.uri.toString() === document.uri.toString());
}
