// What the user does with the engine, and is told of it where it cannot be asked.

import * as vscode from "vscode";
import type { Log } from "../log";
import { offer, sayInPassing } from "../say";
import { isModelBundled } from "../settings/config";
import type { EngineSupervisor } from "./engineSupervisor";

export async function unloadModel(supervisor: EngineSupervisor, log: Log): Promise<void> {
  await supervisor.stop("unloaded");
  log.info("The user has unloaded the model.");
  // Somebody may have asked for something while it went.
  if (!supervisor.isStopped("unloaded")) return;
  sayInPassing("The model is unloaded. It loads again when you ask for a completion or open the chat.");
}

/** Also the one notification that a failed start causes by itself. */
export async function explainNotReady({ status }: Pick<EngineSupervisor, "status">): Promise<void> {
  if (status.type === "starting") {
    sayInPassing("The model is being loaded; try again in a moment.");
  } else if (status.type === "failed") {
    const restart = "Restart Engine";
    const showLog = "Show Log";
    const choose = "Choose a Model";
    // The bundled one is repaired by installing the extension again; what the user has chosen may be gone for good.
    const actions = [...(isModelBundled() ? [] : [choose]), restart, showLog];
    const chosen = await offer(status.message, actions, "error");
    if (chosen === choose) await vscode.commands.executeCommand("griffin.chooseModel");
    if (chosen === restart) await vscode.commands.executeCommand("griffin.restartEngine");
    if (chosen === showLog) await vscode.commands.executeCommand("griffin.showLog");
  }
}
