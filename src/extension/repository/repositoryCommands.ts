// The commands about what is read of the repository.

import * as vscode from "vscode";
import type { EngineClient } from "../engineClient";
import type { Log } from "../log";
import { megabytes } from "./phrases";
import type { Reading } from "./reading";

export function toggleReading(reading: Reading, log: Log): void {
  reading.setPaused(!reading.isPaused);
  const state = reading.isPaused ? "paused" : "resumed";
  vscode.window.setStatusBarMessage(`Griffin: reading the repository is ${state}.`, 4000);
  log.info(`Reading the repository ${state} by the user.`);
}

/** Asks first: what took minutes to read will have to be read again. */
export async function clearStates(client: EngineClient, log: Log): Promise<void> {
  const clear = "Clear";
  const chosen = await vscode.window.showWarningMessage(
    "Remove everything that Griffin has saved of your repositories?",
    { modal: true, detail: "This concerns all workspaces on this machine. Open repositories are read anew." },
    clear,
  );
  if (chosen !== clear) return;
  const result = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: "Griffin: clearing the repository state" },
    () => client.clearStates(),
  );
  if (result.type === "success") {
    log.info(`Repository state cleared: ${megabytes(result.bytes)}.`);
    void vscode.window.showInformationMessage(`Griffin: ${megabytes(result.bytes)} were freed.`);
  } else {
    const reason = result.type === "failed" ? result.message : result.reason;
    void vscode.window.showErrorMessage(`Griffin: the repository state was not cleared. ${reason}`);
  }
}
