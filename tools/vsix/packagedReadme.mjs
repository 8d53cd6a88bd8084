// The README as it is shipped: without pictures. The extension's page in VS Code shows those on the web alone. It has no folder
// that a path could begin at, and its sanitizer takes pictures out that stand in the text itself (`data:`).

const PICTURE = /^!\[[^\]]*\]\([^)]+\)\n/gm;
const SENTENCE =
  "*The pictures that belong here are with the source code, in `media`; VS Code shows none that come with an extension.*\n";

/** @param {string} text */
export function packagedReadme(text) {
  let pictures = 0;
  return text.replace(PICTURE, () => (pictures++ === 0 ? SENTENCE : "")).replace(/\n{3,}/g, "\n\n");
}
