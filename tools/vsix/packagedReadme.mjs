// The README as it is shipped: without pictures and links to files. The extension's page in VS Code shows and opens only what is on the web. It
// has no folder that a path could begin at, and its sanitizer takes out pictures that stand in the text itself (`data:`).

const PICTURE = /^!\[[^\]]*\]\([^)]+\)\n/gm;
const LINK_TO_FILE = /\[([^\]]+)\]\((?!https?:|#)[^)]+\)/g;
const LAST_SENTENCE = "*The files that this page names, and its pictures, are in the source repository.*";

/** @param {string} text */
export function packagedReadme(text) {
  const words = text
    .replace(PICTURE, "")
    .replace(LINK_TO_FILE, "$1")
    .replace(/\n{3,}/g, "\n\n");
  return `${words.trimEnd()}\n\n${LAST_SENTENCE}\n`;
}
