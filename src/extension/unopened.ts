// What is said of a place that was listed and cannot be opened, whoever listed it.

import * as vscode from "vscode";
import type { Log } from "./log";

export function tellUnopened(path: string, error: unknown, log: Log): void {
  log.warn(`A place that was listed could not be opened: ${String(error)}`);
  vscode.window.setStatusBarMessage(`Griffin: ${path} cannot be opened; it may have gone.`, 4000);
}
