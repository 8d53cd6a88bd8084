import { cp } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../setUp/paths.mjs";

/**
 * Copies the sample workspace, for what is written into it.
 * @param {string} folder
 */
export async function copySampleWorkspace(folder) {
  // Without the sample's settings: they open its README when the window has come up, which may be amid a test.
  const filter = (/** @type {string} */ path) => !path.endsWith(".vscode");
  await cp(join(root, "samples", "workspace"), folder, { recursive: true, filter });
}
