// What the user is told under the extension's name and answers nothing to.

import * as vscode from "vscode";
import type { Log } from "./log";

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

/** Of a place that was listed and cannot be opened, whoever listed it. */
export function sayUnopened(path: string, error: unknown, log: Log): void {
  log.warn(`A place that was listed could not be opened: ${String(error)}`);
  sayInPassing(`${path} cannot be opened; it may have gone.`);
}
