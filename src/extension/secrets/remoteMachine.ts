// The machine at which the extension runs, when that is not the user's own.

import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import * as vscode from "vscode";
import { type RemoteMachine, remoteMachineOf } from "./keptAddress";

const ID = "griffin-code.griffin-code";

/** Undefined where the extension runs beside the user, which VS Code's setting `remote.extensionKind` can have in any window. */
export function remoteMachine(): RemoteMachine | undefined {
  if (vscode.env.remoteName === undefined) return undefined;
  if (vscode.extensions.getExtension(ID)?.extensionKind === vscode.ExtensionKind.UI) return undefined;
  machine ??= remoteMachineOf(hostname(), systemId());
  return machine;
}

/** Asked for with each status of the engine, and always the same. */
let machine: RemoteMachine | undefined;

/** Machines that are made from one image share their host's name. Undefined where the system says nothing, as many containers. */
function systemId(): string | undefined {
  try {
    return readFileSync("/etc/machine-id", "utf8").trim() || undefined;
  } catch {
    return undefined;
  }
}
