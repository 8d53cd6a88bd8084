import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../setUp/paths.mjs";
import { alreadyDone, step } from "../setUp/progress.mjs";
import { makeOnce } from "../setUp/stamps.mjs";
import { installExtension } from "./server.mjs";

/**
 * Installs Griffin Code, unless the very same is installed there.
 * @param {{ file: string, hash: string }} vsix
 * @param {Pick<import("./server.mjs").ServerOptions, "codeServer" | "home" | "extensions">} where
 */
export async function installOnce({ file, hash }, where) {
  const { name, publisher, version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const folder = join(where.extensions, `${publisher}.${name}-${version}`);
  const install = () => step("installing the extension", () => installExtension(file, where));
  if (!(await makeOnce(folder, hash, install))) alreadyDone("extension installed");
}
