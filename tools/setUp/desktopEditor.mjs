// The user's own VS Code, where there is one and a window can be shown.

import { existsSync } from "node:fs";
import { onPath } from "./onPath.mjs";

const NAMES = ["code", "code-insiders", "codium"];
const PLACES = ["/Applications/Visual Studio Code.app/Contents/Resources/app/bin/code"];

/** @returns {string | undefined} the command-line program of the editor */
export function findDesktopEditor() {
  // In a remote terminal of VS Code, which has this variable, `code` talks to the user's window.
  if (!hasDisplay() && !process.env.VSCODE_IPC_HOOK_CLI) return undefined;
  return NAMES.map(onPath).find(Boolean) ?? PLACES.find(existsSync);
}

/**
 * Whether a program that is started here can show a window by itself.
 * @param {Pick<NodeJS.Process, "platform" | "env">} [machine]
 */
export function hasDisplay({ platform, env } = process) {
  return platform === "darwin" || platform === "win32" || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}
