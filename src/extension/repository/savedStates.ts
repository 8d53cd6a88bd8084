// Removes what the engine has saved of repositories: it holds their text, so this works also when no engine does.

import * as files from "node:fs/promises";
import { clearStateFolder } from "../../engine/stateStore/clearing";
import type { EngineClient } from "../engineClient";
import type { Log } from "../log";

/**
 * By the engine where it can: it then reads anew, and saves nothing meanwhile of what it had.
 * @returns the bytes that were freed; the log says what could not be removed
 */
export async function removeSavedStates(
  engine: Pick<EngineClient, "clearStates">,
  folder: string,
  log: Log,
): Promise<number> {
  const result = await engine.clearStates();
  if (result.type === "success") return result.bytes;
  return clearStateFolder({ folder, files, log: (level, message) => log[level](message) });
}
