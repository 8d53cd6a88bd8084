// What the user is told under the extension's name and answers nothing to.

import * as vscode from "vscode";

/** Stays until it is read. */
export function say(words: string): void {
  void vscode.window.showInformationMessage(`Griffin: ${words}`);
}

/** In the status bar, for a moment: to somebody who has just asked for something and looks. */
export function sayInPassing(words: string): void {
  vscode.window.setStatusBarMessage(`Griffin: ${words}`, 4000);
}

/** In the status bar, until `done` settles. */
export function sayMeanwhile(words: string, done: Promise<unknown>): void {
  vscode.window.setStatusBarMessage(`Griffin: ${words}`, done);
}
