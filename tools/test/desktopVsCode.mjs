// A desktop VS Code for the editor stage, downloaded once for each user and version.

import { join } from "node:path";
import { userCache } from "../setUp/paths.mjs";

/**
 * @param {string | undefined} version  such as 1.104.0; the newest when absent
 * @returns {Promise<{ executable: string, cli: string }>} its window, and its command line
 */
export async function downloadVsCode(version) {
  const { HTTPS_PROXY, https_proxy = HTTPS_PROXY } = process.env;
  // The package knows npm's name for the proxy alone, and reads that once, when it is imported.
  if (https_proxy) process.env.npm_config_https_proxy ??= https_proxy;
  const { downloadAndUnzipVSCode, resolveCliPathFromVSCodeExecutablePath } = await import("@vscode/test-electron");
  const cachePath = join(userCache, "vscode-test");
  const executable = await downloadAndUnzipVSCode({ cachePath, ...(version && { version }) });
  return { executable, cli: resolveCliPathFromVSCodeExecutablePath(executable) };
}
