// Bundles a TypeScript program of this folder and runs it with the arguments after it. Nothing here is shipped.

import { spawnSync } from "node:child_process";
import { basename, join } from "node:path";
import { buildTool } from "../esbuild.mjs";
import { root } from "./setUp/paths.mjs";

/**
 * The process's exit code becomes the program's.
 * @param {string} name the bundle's, in out/
 * @param {string} entryPoint from the repository's root
 * @param {readonly string[]} nodeOptions for Node itself, such as --expose-gc
 */
export async function runTypeScript(name, entryPoint, nodeOptions = []) {
  const outfile = `out/${basename(name)}.js`;
  await buildTool(entryPoint, outfile);
  const { status } = spawnSync(process.execPath, [...nodeOptions, join(root, outfile), ...process.argv.slice(2)], {
    stdio: "inherit",
  });
  process.exitCode = status ?? 1;
}
