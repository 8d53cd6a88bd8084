import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";

describe("setting up", () => {
  it("says in a sentence that Node is too old", () => {
    const script = 'import("./tools/setUp/npmPackages.mjs").then((it) => it.ensureNpmPackages());';
    const args = ["--no-experimental-require-module", "--eval", script];
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
    assert.equal(status, 1);
    assert.match(stderr, /^Node \S+ is too old\. Install Node 20\.19, or 22\.12 or newer\.\n$/);
  });
});
