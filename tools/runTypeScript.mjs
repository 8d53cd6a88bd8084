// Bundles a TypeScript program of this folder and runs it with the arguments after it. Nothing here is shipped.

import { spawnSync } from "node:child_process";
import { basename } from "node:path";
import * as esbuild from "esbuild";
import { assemblyPlugin } from "./build/assemblyPlugin.mjs";
import { root } from "./setUp/paths.mjs";

/**
 * The process's exit code becomes the program's.
 * @param {string} name the bundle's, in out/
 * @param {string} entryPoint from the repository's root
 * @param {readonly string[]} nodeOptions for Node itself, such as --expose-gc
 */
export async function runTypeScript(name, entryPoint, nodeOptions = []) {
  const outfile = `${root}/out/${basename(name)}.js`;
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: [entryPoint],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    packages: "external",
    // Bundled files are CommonJS, where `import.meta` is empty.
    define: { "import.meta.url": "__fileUrl" },
    banner: { js: 'const __fileUrl = require("node:url").pathToFileURL(__filename).href;' },
    loader: { ".txt": "text", ".scm": "text" },
    logLevel: "warning",
    plugins: [assemblyPlugin],
  });
  const { status } = spawnSync(process.execPath, [...nodeOptions, outfile, ...process.argv.slice(2)], {
    stdio: "inherit",
  });
  process.exitCode = status ?? 1;
}
