// The machine at which the extension runs, when that is not the user's own.

import { hostname } from "node:os";
import * as vscode from "vscode";

const ID = "griffin-code.griffin-code";

/** Its name; undefined where the extension runs beside the user, which it may also do in a window that works elsewhere. */
export function remoteMachine(): string | undefined {
  if (vscode.env.remoteName === undefined) return undefined;
  return vscode.extensions.getExtension(ID)?.extensionKind === vscode.ExtensionKind.UI ? undefined : hostname();
}
