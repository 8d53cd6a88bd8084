// The README as it is shipped: without pictures. The extension's page in VS Code shows only those on the web. It has no folder
// that a path could begin at, and its sanitizer takes out pictures that stand in the text itself (`data:`).

const PICTURE = /^!\[[^\]]*\]\([^)]+\)\n/gm;
const LAST_SENTENCE =
  "*The pictures and the files that this page names are with the source code: VS Code cannot show them here.*";

/** @param {string} text */
export function packagedReadme(text) {
  const words = text.replace(PICTURE, "").replace(/\n{3,}/g, "\n\n");
  return `${words.trimEnd()}\n\n${LAST_SENTENCE}\n`;
}
