import assert from "node:assert/strict";
import { runInView, TIMED_OUT } from "../../../../tools/setUp/run.mjs";

describe("a program that is run", () => {
  it("has the exit code that says so when it took longer than it may", async () => {
    const args = ["--eval", "setInterval(() => {}, 1000)"];
    assert.equal(await runInView(process.execPath, args, { timeoutMs: 10 }), TIMED_OUT);
    assert.equal(await runInView(process.execPath, ["--eval", "process.exit(3)"]), 3);
  });
});
