import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { isAlive } from "../../../../src/machine/processes";
import { runInView, TIMED_OUT } from "../../../../tools/setUp/run.mjs";
import { withReplaced } from "../../../support/replaced";
import { useTemporaryFolder } from "../../../support/temporaryFolder";
import { until } from "../../../support/until";

const FOR_EVER = "setInterval(() => {}, 1000)";

describe("a program that is run", () => {
  const folder = useTemporaryFolder();

  it("has the exit code that says so when it took longer than it may", async () => {
    assert.equal(await runInView(process.execPath, ["--eval", FOR_EVER], { timeoutMs: 10 }), TIMED_OUT);
    assert.equal(await runInView(process.execPath, ["--eval", "process.exit(3)"]), 3);
  });

  it("is ended also when it does not heed that it should end", async function () {
    if (process.platform === "win32") this.skip(); // There, it is not asked.
    const note = (name: string) => `require("node:fs").writeFileSync(${JSON.stringify(folder(name))}, "");`;
    const program = `process.on("SIGTERM", () => { ${note("heard")} }); ${note("listens")} ${FOR_EVER}`;
    const waits: { readonly ms: number; readonly end: () => void }[] = [];
    const waiting = (end: () => void, ms: number) => {
      waits.push({ ms, end });
      return { unref: () => {} };
    };
    await withReplaced(globalThis, { setTimeout: waiting as never }, async () => {
      const ended = runInView(process.execPath, ["--eval", program], { timeoutMs: 500, graceMs: 10 });
      for (const [ms, sign] of [
        [500, "listens"],
        [10, "heard"],
      ] as const) {
        await until(`it ${sign}`, () => existsSync(folder(sign)));
        waits.find((wait) => wait.ms === ms)!.end();
      }
      assert.equal(await ended, TIMED_OUT);
    });
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
