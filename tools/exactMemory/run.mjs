// Bundles and runs one of the measuring scripts of the exact memory:
//
//   node tools/exactMemory/run.mjs dump|features|report|speed …
//
// What each does stands at the head of its file. Nothing here is shipped.

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const root = fileURLToPath(new URL("../..", import.meta.url));
const outfile = `${root}/out/exactMemory.js`;
await esbuild.build({
  absWorkingDir: root,
  entryPoints: ["tools/exactMemory/main.ts"],
  outfile,
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  packages: "external",
  logLevel: "warning",
});
process.exitCode = spawnSync(process.execPath, [outfile, ...process.argv.slice(2)], { stdio: "inherit" }).status ?? 1;
