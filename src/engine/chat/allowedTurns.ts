// What was said before, without what may not be told any more.

import { join } from "node:path";
import type { ChatTurn, FolderFile } from "../../protocol/engine";
import type { FolderContext } from "../repository/folderContext";
import { isForbidden } from "./sources";

/** Without the answers that drew on what may not be read any more, and without their questions. */
export async function allowedTurns(turns: readonly ChatTurn[], folders: readonly FolderContext[]): Promise<ChatTurn[]> {
  const allowed: ChatTurn[] = [];
  for (const turn of turns) {
    if (await drawsOnForbidden(turn, folders)) allowed.pop();
    else allowed.push(turn);
  }
  return allowed;
}

/** The files that turns drew on, each once. */
export function filesOf(turns: readonly ChatTurn[]): FolderFile[] {
  const files = turns.flatMap(({ drewOn = [] }) => drewOn);
  return [...new Map(files.map((file) => [join(file.folder, file.path), file])).values()];
}

async function drawsOnForbidden({ drewOn = [] }: ChatTurn, folders: readonly FolderContext[]): Promise<boolean> {
  for (const { folder, path } of drewOn) {
    const context = folders.find((one) => one.folder.path === folder);
    // A folder that is not read any more is forbidden as a whole.
    if (context === undefined || isForbidden(await context.refusal(path))) return true;
  }
  return false;
}
