// Says when a watch begins to build and when all of it has ended, and what is wrong, in the lines that .vscode/tasks.json looks for.

/**
 * One plugin for `count` builds that go on side by side. They begin now; each may begin again later.
 * @param {number} count
 * @param {(line: string) => void} [say]
 * @returns {import("esbuild").Plugin}
 */
export function announceBuilds(count, say = console.log) {
  let running = count;
  say("[watch] build started");
  return {
    name: "announce",
    setup({ onStart, onEnd }) {
      let hasBegun = false;
      onStart(() => {
        if (hasBegun && running++ === 0) say("[watch] build started");
        hasBegun = true;
      });
      onEnd(({ errors, warnings }) => {
        for (const message of errors) sayMessage("✘ [ERROR]", message, say);
        for (const message of warnings) sayMessage("▲ [WARNING]", message, say);
        if (--running === 0) say("[watch] build finished");
      });
    },
  };
}

/**
 * The place comes in the very next line, because a problem matcher skips none.
 * @param {string} kind
 * @param {import("esbuild").Message} message
 * @param {(line: string) => void} say
 */
function sayMessage(kind, { text, location }, say) {
  say(`${kind} ${text}`);
  if (location) say(`    ${location.file}:${location.line}:${location.column}:`);
}
