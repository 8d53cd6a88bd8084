// The licences of what is shipped besides our own code: of every package that was bundled, and of those that lie beside.

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../setUp/paths.mjs";

/**
 * @param {readonly { readonly inputs: object }[]} metafiles  what esbuild says of its bundles
 * @param {readonly string[]} beside  packages that are shipped as they are
 * @returns {Promise<string>} one text; it throws when a package does not say what its licence is
 */
export async function thirdPartyNotices(metafiles, beside) {
  const bundled = metafiles.flatMap(({ inputs }) => Object.keys(inputs)).flatMap(packageOf);
  const names = [...new Set([...bundled, ...beside])].sort();
  const notices = await Promise.all(names.map(noticeOf));
  return `Griffin Code is shipped with the following packages.\n\n${notices.join("\n")}`;
}

/** @param {string} path */
function packageOf(path) {
  const found = /^.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path);
  return found ? [found[1] ?? ""] : [];
}

/** @param {string} name */
async function noticeOf(name) {
  const folder = join(root, "node_modules", name);
  const { version, license, author } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  if (typeof license !== "string") throw new Error(`${name} does not say what its licence is.`);
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e(\.\w+)?$/i.test(entry));
  const by = typeof author === "string" ? author : author?.name;
  const text = file ? await readFile(join(folder, file), "utf8") : `Licence: ${license}${by ? `. By ${by}.` : "."}\n`;
  return `${"-".repeat(80)}\n${name} ${version} (${license})\n\n${text.trim()}\n`;
}
