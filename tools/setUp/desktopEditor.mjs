// The user's own VS Code, where there is one and a window can be shown.

import { existsSync } from "node:fs";
import { onPath } from "./onPath.mjs";

const NAMES = ["code", "code-insiders", "codium"];
const PLACES = ["/Applications/Visual Studio Code.app/Contents/Resources/app/bin/code"];

/** @returns {string | undefined} the command-line program of the editor */
export function findDesktopEditor() {
  if (!canShowWindows()) return undefined;
  return NAMES.map(onPath).find(Boolean) ?? PLACES.find(existsSync);
}

export function canShowWindows() {
  if (process.platform === "darwin" || process.platform === "win32") return true;
  // The last is set in VS Code's own terminal, also in a remote one: there `code` talks to the window.
  const { DISPLAY, WAYLAND_DISPLAY, VSCODE_IPC_HOOK_CLI } = process.env;
  return Boolean(DISPLAY || WAYLAND_DISPLAY || VSCODE_IPC_HOOK_CLI);
}
