// npm run package [-- --target NAME]...
//
// Builds the shipped form and packages one VSIX for each named platform; for this machine's when none is named.

import { statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { ensureNpmPackages } from "./setUp/npmPackages.mjs";
import { root } from "./setUp/paths.mjs";
import { step } from "./setUp/progress.mjs";
import { packageVsix } from "./vsix/packageVsix.mjs";
import { hostTargetName, targetNamed } from "./vsix/targets.mjs";

const { values } = parseArgs({ options: { target: { type: "string", multiple: true } } });
const targets = values.target ?? [hostTargetName()];
try {
  targets.forEach(targetNamed);
} catch (error) {
  console.error(/** @type {Error} */ (error).message);
  process.exit(2);
}

await ensureNpmPackages();
const { build } = await import("../esbuild.mjs");
await step("building", () => build({ production: true }));
const { name, version } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
for (const target of targets) {
  const file = join(root, `${name}-${target}-${version}.vsix`);
  await step(`packaging for ${target}`, () => packageVsix(target, file));
  console.log(`    ${relative(root, file)}, ${(statSync(file).size / 1e6).toFixed(1)} MB`);
}
