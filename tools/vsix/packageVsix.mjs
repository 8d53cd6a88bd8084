// One VSIX for one platform: the built extension, the bundled model, and that platform's native binaries alone.

import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { cloneCache, root } from "../setUp/paths.mjs";
import { runQuietly } from "../setUp/run.mjs";
import { contentHash, makeOnce } from "../setUp/stamps.mjs";
import { packagedReadme } from "./packagedReadme.mjs";
import { binariesOf, targetNamed } from "./targets.mjs";

/** All that a VSIX is made from. The lock file stands for the native modules. */
const INPUTS = [
  ".vscodeignore",
  "CHANGELOG.md",
  "LICENSE",
  "README.md",
  "dist",
  "media",
  "models/griffin-code-small",
  "package-lock.json",
  "package.json",
  "tools/vsix",
];

/**
 * Packages dist/ as it is, unless the same VSIX is already there.
 * @param {string} targetName
 * @param {string} file  where to write it
 * @returns {Promise<string>} a hash of what it was made from
 */
export async function packageVsix(targetName, file) {
  const target = targetNamed(targetName);
  const hash = await contentHash(INPUTS.map((path) => join(root, path)));
  await makeOnce(file, hash, async () => {
    await mkdir(dirname(file), { recursive: true });
    await createVsix(target, file);
  });
  return hash;
}

/**
 * @param {import("./targets.mjs").Target} target
 * @param {string} file
 */
async function createVsix(target, file) {
  const vsce = join(root, "node_modules/@vscode/vsce/vsce");
  const unfinished = `${file}.new`;
  const args = ["package", "--out", unfinished, "--target", target.name, ...(await options(target))];
  await runQuietly(process.execPath, [vsce, ...args], { cwd: root });
  // It has its name when it is whole.
  await rename(unfinished, file);
}

/** @param {import("./targets.mjs").Target} target */
async function options(target) {
  const readme = await writeReadme();
  return [
    "--ignoreFile",
    await ignoreFileFor(target, readme),
    "--readme-path",
    readme,
    "--allow-missing-repository",
    "--no-rewrite-relative-links", // there is no address that the README's links could begin at
  ];
}

/** Returns the file's path from the root, as vsce wants it. */
async function writeReadme() {
  const file = join(cloneCache, "vsix", "README.md");
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, packagedReadme(await readFile(join(root, "README.md"), "utf8")));
  return relative(root, file).split(sep).join("/");
}

/**
 * @param {import("./targets.mjs").Target} target
 * @param {string} readme
 */
async function ignoreFileFor(target, readme) {
  const more = [readme, ...binariesOf(target)].map((path) => `!${path}`);
  const file = join(cloneCache, "vsix", `vscodeignore-${target.name}`);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${await readFile(join(root, ".vscodeignore"), "utf8")}${more.join("\n")}\n`);
  return file;
}
