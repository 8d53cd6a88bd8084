// What the editor and browser stages test: the packaged VSIX, installed as a user's would be.

import { join } from "node:path";
import { ensureChromium } from "../setUp/chromium.mjs";
import { ensureCodeServer } from "../setUp/codeServer.mjs";
import { cloneCache } from "../setUp/paths.mjs";
import { makeHostVsix } from "../vsix/hostVsix.mjs";
import { installOnce } from "../workbench/installOnce.mjs";

/** The VSIX of what is in src/ now, and the tests beside it. */
export function packageForTests() {
  return makeHostVsix({ tests: true });
}

/**
 * @param {{ file: string, hash: string }} vsix
 * @returns {Promise<import("./testEditor.mjs").TestEditor>}
 */
export async function prepareTestEditor(vsix) {
  const chromium = await ensureChromium();
  const codeServer = await ensureCodeServer();
  const home = join(cloneCache, "test-editor");
  const extensions = join(home, "extensions");
  await installOnce(vsix, { codeServer, home, extensions });
  return { codeServer, chromium, extensions };
}
