// The commands about what is read of the repository.

import * as vscode from "vscode";
import type { EngineClient } from "../engineProcess/engineClient";
import type { Log } from "../log";
import { count } from "../phrases";
import { ask, say, sayInPassing } from "../say";
import type { Reading } from "./reading";
import { describeCleared, removeSavedStates } from "./savedStates";

export function pauseReading(isPaused: boolean, reading: Reading, log: Log): void {
  reading.setPaused(isPaused);
  const state = isPaused ? "paused" : "resumed";
  sayInPassing(
    `The model's reading of the repository is ${state}${isPaused ? ", until you resume it or close this window" : ""}.`,
  );
  log.info(`Reading the repository ${state} by the user.`);
}

const CLEAR = "Clear";
const THIS_ONLY = "This Workspace Only";

/**
 * Asks first: what took minutes to read will have to be read again.
 * @param folders paths of those that are open
 */
export async function clearStates(
  client: EngineClient,
  { stateFolder, folders }: { readonly stateFolder: string; readonly folders: readonly string[] },
  log: Log,
): Promise<void> {
  const chosen = await ask(
    "Remove everything Griffin has saved about all repositories?",
    `"${CLEAR}" affects every workspace on this machine. Open repositories are read again.`,
    folders.length === 0 ? [CLEAR] : [CLEAR, THIS_ONLY],
  );
  if (chosen === undefined) return;
  const isThisOnly = chosen === THIS_ONLY;
  const cleared = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: "Griffin: Clearing the saved states" },
    () => removeSavedStates(client, stateFolder, log, isThisOnly ? folders : undefined),
  );
  const words = describeCleared(cleared, isThisOnly ? "this workspace" : "all repositories");
  log.info(`By the user: ${words}`);
  say(words, cleared.problem === undefined ? "information" : "warning");
}

/**
 * Takes over a state that `griffin ingest DIR --state … --export FILE` has made, in CI for instance.
 * @param refusal why no folder is read, if none is: then no state is of use
 */
export async function importState(client: EngineClient, refusal: string | undefined, log: Log): Promise<void> {
  if (refusal !== undefined) {
    say(`No state is imported. ${refusal}`);
    return;
  }
  const folders = vscode.workspace.workspaceFolders ?? [];
  const folder = folders.length > 1 ? await vscode.window.showWorkspaceFolderPick() : folders[0];
  if (folder === undefined) return;
  const [file] =
    (await vscode.window.showOpenDialog({
      title: `A state of ${folder.name}, from somebody you trust`,
      openLabel: "Import",
    })) ?? [];
  if (file === undefined) return;
  const result = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: "Griffin: Importing the repository state" },
    () => client.importState(folder.uri.fsPath, file.fsPath),
  );
  if (result.type === "success") {
    const read = `${count(result.files, "file")}, ${count(result.tokens, "token")}`;
    log.info(`Repository state imported: ${read}.`);
    say(`The state of ${folder.name} was imported (${read}).`);
  } else {
    say(result.type === "failed" ? result.message : result.reason, "error");
  }
}
