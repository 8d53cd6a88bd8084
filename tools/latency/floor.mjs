import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../setUp/paths.mjs";
import { step } from "../setUp/progress.mjs";
import { runQuietly } from "../setUp/run.mjs";
import { installExtension } from "../workbench/server.mjs";

/**
 * @param {import("../setUp/codeServer.mjs").CodeServer} codeServer
 * @param {string} home
 * @returns {Promise<string>} the folder of extensions that holds it and nothing else
 */
export async function installFloorExtension(codeServer, home) {
  const vsix = join(home, "floor.vsix");
  const extensions = join(home, "extensions");
  const vsce = join(root, "node_modules/@vscode/vsce/vsce");
  const flags = ["--no-dependencies", "--allow-missing-repository", "--skip-license"];
  await mkdir(home, { recursive: true });
  await step("installing the provider that answers at once", async () => {
    const cwd = join(root, "tools/latency/floorExtension");
    await runQuietly(process.execPath, [vsce, "package", "--out", vsix, ...flags], { cwd });
    await installExtension(vsix, { codeServer, home, extensions });
  });
  return extensions;
}
