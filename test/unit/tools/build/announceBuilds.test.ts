import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { BuildResult, PluginBuild } from "esbuild";
import { announceBuilds } from "../../../../tools/build/announceBuilds.mjs";

/** The two lines of a problem that VS Code is told to look for. */
const [KIND, PLACE] = problemPatterns() as [RegExp, RegExp];

describe("a watch of several builds", () => {
  let said: string[];
  let builds: { start(): void; end(result?: Partial<BuildResult>): void }[];

  beforeEach(async () => {
    said = [];
    const plugin = announceBuilds(2, (line) => said.push(line));
    builds = [];
    for (let i = 0; i < 2; i++) {
      let start = () => {};
      let end = (_result: BuildResult) => {};
      await plugin.setup({
        onStart: (callback: () => void) => (start = callback),
        onEnd: (callback: (result: BuildResult) => void) => (end = callback),
      } as unknown as PluginBuild);
      builds.push({ start, end: (result = {}) => end({ errors: [], warnings: [], ...result } as BuildResult) });
    }
  });

  it("has ended when all have, also when one ends before another begins", () => {
    const [small, large] = builds as [(typeof builds)[0], (typeof builds)[0]];
    small.start();
    small.end();
    large.start();
    assert.deepEqual(said, ["[watch] build started"]);
    large.end();
    large.start();
    small.start();
    large.end();
    small.end();
    const once = ["[watch] build started", "[watch] build finished"];
    assert.deepEqual(said, [...once, ...once]);
  });

  it("tells what is wrong in the lines that VS Code looks for", () => {
    const location = { file: "src/a.ts", line: 3, column: 7 };
    builds[0]!.start();
    builds[0]!.end({ errors: [{ text: 'Expected ";"', location }] as BuildResult["errors"] });
    const at = said.findIndex((line) => KIND.test(line));
    assert.deepEqual(KIND.exec(said[at]!)?.slice(1), ["ERROR", 'Expected ";"']);
    assert.deepEqual(PLACE.exec(said[at + 1]!)?.slice(1), ["src/a.ts", "3", "7"]);
  });
});

function problemPatterns(): RegExp[] {
  const tasks = readFileSync(".vscode/tasks.json", "utf8");
  return Array.from(tasks.matchAll(/"regexp": ("[^"]+(?:\\"[^"]*)*")/g), ([, text]) => new RegExp(JSON.parse(text!)));
}
