// What the user is told under the extension's name, in sentences: they begin with a capital, unless with a name of the user's. Only
// this file shows messages: VS Code makes links of `[words](command:…)` in them, which run the command, and what they repeat may be
// a stranger's, such as the name of a file.

import * as vscode from "vscode";
import { isScreenReaderInUse } from "./settings/config";

export type Severity = "information" | "warning" | "error";

/** Stays until it is read. */
export function say(words: string, severity?: Severity): void {
  void offer(words, [], severity);
}

/** The same with buttons. Resolves with the one that was chosen, if one was. */
export function offer<Button extends string>(
  words: string,
  buttons: readonly Button[],
  severity: Severity = "information",
): Thenable<Button | undefined> {
  return vscode.window[SHOW[severity]](withoutLinks(`Griffin: ${words}`), ...buttons);
}

/** A dialog, which waits for its answer. Resolves with undefined when the user would rather not. */
export function ask<Answer extends string>(
  question: string,
  detail: string,
  answers: readonly Answer[],
  severity: Severity = "warning",
): Thenable<Answer | undefined> {
  return vscode.window[SHOW[severity]](withoutLinks(question), { modal: true, detail }, ...answers);
}

/** In the status bar, for a moment: to somebody who has just asked for something and looks. Who listens hears only notifications. */
export function sayInPassing(words: string): void {
  if (isScreenReaderInUse()) say(words);
  else vscode.window.setStatusBarMessage(`Griffin: ${words}`, 4000);
}

/** In the status bar, until `done` settles. */
export function sayMeanwhile(words: string, done: Promise<unknown>): void {
  if (isScreenReaderInUse()) say(words);
  else vscode.window.setStatusBarMessage(`Griffin: ${words}`, done);
}

/** Words that VS Code shows as they are, also as a notification's title and where it asks for input: what cannot be seen stands between. */
export function withoutLinks(words: string): string {
  return words.replaceAll("](", "]\u200b(");
}

const SHOW = {
  information: "showInformationMessage",
  warning: "showWarningMessage",
  error: "showErrorMessage",
} as const;
