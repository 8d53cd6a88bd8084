// The machine at which the extension runs, when that is not the user's own.

import { hostname } from "node:os";
import * as vscode from "vscode";

/** Its name; undefined where the extension runs beside the user. */
export function remoteMachine(): string | undefined {
  return vscode.env.remoteName === undefined ? undefined : hostname();
}
