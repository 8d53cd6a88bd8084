// How tests, which run in processes of their own, learn of the editor that was prepared for them.

/**
 * @typedef {object} TestEditor  what it takes to open a workbench with the extension in it
 * @property {import("../setUp/codeServer.mjs").CodeServer} codeServer
 * @property {string} chromium
 * @property {string} extensions  folder where the extension is installed
 */

/** @param {TestEditor} editor */
export function testEditorEnvironment(editor) {
  return { GRIFFIN_TEST_EDITOR: JSON.stringify(editor) };
}

/** @returns {TestEditor} */
export function testEditorFromEnvironment() {
  const { GRIFFIN_TEST_EDITOR } = process.env;
  if (GRIFFIN_TEST_EDITOR) return JSON.parse(GRIFFIN_TEST_EDITOR);
  throw new Error("This needs an editor that is prepared for it. Run it with `npm test -- browser` or `-- editor`.");
}
