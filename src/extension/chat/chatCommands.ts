// The commands that open the chat, with something or without.

import * as vscode from "vscode";
import { fileUriOf } from "../documents/documentPath";
import { editorInFront } from "../documents/editorInFront";
import type { EngineSupervisor } from "../engineProcess/engineSupervisor";
import { sayInPassing } from "../say";
import type { Chat } from "./chat";
import { ChatView } from "./chatView";

/** Who opens the chat wants to ask: a chat that is in sight already does not see that. */
export async function openChat(supervisor: EngineSupervisor): Promise<void> {
  supervisor.start();
  await vscode.commands.executeCommand(`${ChatView.id}.focus`);
}

export async function startTopic(chat: Chat, supervisor: EngineSupervisor): Promise<void> {
  chat.conversation.startTopic();
  await openChat(supervisor);
}

export async function addSelectionToChat(chat: Chat, supervisor: EngineSupervisor): Promise<void> {
  chat.attachSelection();
  await openChat(supervisor);
}

/**
 * The files of a menu, or the one in front.
 * @param file that the menu was opened for
 * @param all that were selected with it
 */
export async function addFileToChat(
  chat: Chat,
  supervisor: EngineSupervisor,
  file?: vscode.Uri,
  all?: unknown,
): Promise<void> {
  const document = editorInFront()?.document;
  const inFront = file ?? (document && fileUriOf(document));
  if (inFront === undefined) return sayInPassing("Open a file first.");
  // An editor's menu gives something else beside its file.
  const chosen: readonly vscode.Uri[] = Array.isArray(all) ? all : [inFront];
  const areFolders = await Promise.all(chosen.map(isFolder));
  if (areFolders.includes(true)) sayInPassing("Folders are not added; choose files in them.");
  chat.attachFiles(chosen.filter((_, index) => !areFolders[index]));
  await openChat(supervisor);
}

/** What is selected with a file may be a folder. */
async function isFolder(uri: vscode.Uri): Promise<boolean> {
  try {
    return ((await vscode.workspace.fs.stat(uri)).type & vscode.FileType.Directory) !== 0;
  } catch {
    // Such as a file that was never saved.
    return false;
  }
}
