// What the user is told in passing, under the extension's name.

import * as vscode from "vscode";

export function say(words: string): void {
  void vscode.window.showInformationMessage(`Griffin: ${words}`);
}
