// The licences of what is shipped besides our own code: of every package that was bundled, and of those that lie beside.

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../setUp/paths.mjs";

/** Texts for packages that bring none, or not all of what they are under. */
const TEXTS = join(root, "tools", "vsix", "licences");
const LINE = "-".repeat(80);

/**
 * @param {readonly { readonly inputs: object }[]} metafiles  what esbuild says of its bundles
 * @param {readonly string[]} beside  packages that are shipped as they are
 * @returns {Promise<string>} one text; it throws when a package does not say what its licence is, or its text is nowhere
 */
export async function thirdPartyNotices(metafiles, beside) {
  const bundled = metafiles.flatMap(({ inputs }) => Object.keys(inputs)).flatMap(packageFolderOf);
  const folders = [...new Set([...bundled, ...beside.map((name) => `node_modules/${name}`)])];
  const packages = folders.map((folder) => ({ folder, name: nameOf(folder) }));
  packages.sort((a, b) => (a.name < b.name ? -1 : 1));
  // The same version may lie in several folders.
  const notices = new Set(await Promise.all(packages.map(({ name, folder }) => noticeOf(name, join(root, folder)))));
  // Ours, too.
  const apache = await readFile(join(root, "LICENSE"), "utf8");
  return `Griffin Code is shipped with the following packages.\n\n${[...notices].join("\n")}\n${LINE}\n${apache}`;
}

/**
 * The innermost one: a package may bring another version of what lies beside it.
 * @param {string} path
 */
function packageFolderOf(path) {
  const found = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path);
  return found ? [found[1] ?? ""] : [];
}

/** @param {string} folder */
function nameOf(folder) {
  return folder.replace(/^.*node_modules\//, "");
}

/**
 * @param {string} name
 * @param {string} folder
 */
export async function noticeOf(name, folder) {
  const { version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  if (typeof license !== "string") throw new Error(`${name} does not say what its licence is.`);
  const text = (await ourTextOf(name)) ?? (await ownTextOf(folder));
  if (text === undefined) throw new Error(`${name} brings no licence text: write ${name}.txt in tools/vsix/licences.`);
  return `${LINE}\n${name} ${version} (${license})\n\n${text.trim()}\n`;
}

/** @param {string} name */
async function ourTextOf(name) {
  return readFile(join(TEXTS, `${name}.txt`), "utf8").catch(() => undefined);
}

/** @param {string} folder */
async function ownTextOf(folder) {
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e([-.]\w+)*$/i.test(entry));
  return file && readFile(join(folder, file), "utf8");
}
