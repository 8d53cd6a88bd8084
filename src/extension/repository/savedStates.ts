// Removes what the engine has saved of repositories: they are as private as the source, so this works also when no engine does.

import * as files from "node:fs/promises";
import { clearStateFolder } from "../../engine/stateStore/clearing";
import type { ClearedStates } from "../../protocol/engine";
import type { EngineClient } from "../engineProcess/engineClient";
import type { Log } from "../log";
import { size } from "../phrases";

/**
 * By the engine where it can: it then reads anew, and saves nothing meanwhile of what it had.
 * @param workspaceFolders absolute paths: only what is saved of these; undefined: everything
 */
export async function removeSavedStates(
  engine: Pick<EngineClient, "clearStates">,
  folder: string,
  log: Log,
  workspaceFolders?: readonly string[],
): Promise<ClearedStates> {
  const result = await engine.clearStates(workspaceFolders);
  if (result.type === "success") {
    const { type: _, ...cleared } = result;
    return cleared;
  }
  return clearStateFolder({ folder, files, log: (level, message) => log[level](message), workspaceFolders });
}

export function describeCleared(
  { bytes, problem }: ClearedStates,
  which: "all repositories" | "this workspace",
): string {
  if (problem !== undefined) return `${size(bytes)} was freed. ${problem}`;
  if (bytes === 0) return `No state of ${which} was saved.`;
  return `The saved states of ${which} are removed; ${size(bytes)} was freed.`;
}
