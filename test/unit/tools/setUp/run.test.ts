import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { isAlive } from "../../../../src/machine/processes";
import { runInView, TIMED_OUT } from "../../../../tools/setUp/run.mjs";

const FOR_EVER = "setInterval(() => {}, 1000)";

describe("a program that is run", () => {
  it("has the exit code that says so when it took longer than it may", async () => {
    assert.equal(await runInView(process.execPath, ["--eval", FOR_EVER], { timeoutMs: 10 }), TIMED_OUT);
    assert.equal(await runInView(process.execPath, ["--eval", "process.exit(3)"]), 3);
  });

  it("is ended also when it does not heed that it should end", async () => {
    const args = ["--eval", `process.on("SIGTERM", () => {}); ${FOR_EVER}`];
    assert.equal(await runInView(process.execPath, args, { timeoutMs: 500, graceMs: 10 }), TIMED_OUT);
  });

  it("ends with who runs it, whom a signal ends", async function () {
    if (process.platform === "win32") this.skip(); // There, nobody hears of it.
    const run = `import { runInView } from "./tools/setUp/run.mjs";
      await runInView(process.execPath, ["--eval", "console.log(process.pid); ${FOR_EVER}"]);
      console.log("goes on");`;
    const runner = spawn(process.execPath, ["--input-type=module", "--eval", run]);
    const [line] = await once(runner.stdout, "data");
    runner.kill("SIGTERM");
    const [exitCode] = await once(runner, "exit");
    assert.equal(exitCode, 128 + 15);
    assert.ok(!isAlive(Number(line)));
  });
});
