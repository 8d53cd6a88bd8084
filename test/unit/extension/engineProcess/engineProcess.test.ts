import assert from "node:assert/strict";
import { resolve } from "node:path";
import { type EngineProcess, forkEngine } from "../../../../src/extension/engineProcess/engineProcess";
import { ENGINE_ENVIRONMENT } from "../../../../src/machine/processes";
import type { EngineMessage } from "../../../../src/protocol/engine";
import { FakeLog } from "../../../support/fakeLog";
import { withReplaced } from "../../../support/replaced";

/** By default with so much patience that a busy machine's engine ends by itself. */
function launch(program: string, shutdownMs = 600_000): { engine: EngineProcess; log: FakeLog; exit: Promise<string> } {
  const log = new FakeLog();
  const engine = forkEngine(resolve("test/support/engines", program), log, shutdownMs);
  const exit = new Promise<string>((done) => engine.onExit(done));
  return { engine, log, exit };
}

function nextMessage(engine: EngineProcess): Promise<EngineMessage> {
  return new Promise((done) => engine.onMessage(done));
}

describe("forkEngine", () => {
  it("carries messages whole: structured clones, lone surrogates included", async () => {
    const { engine, exit } = launch("echo.cjs");
    const message = { type: "open", uri: "a", version: 1, languageId: "x", text: "\ud800 é 😀\r\n\u0000" } as const;
    const answer = nextMessage(engine);
    engine.send(message);
    assert.deepEqual(await answer, message);
    await engine.kill();
    assert.equal(await exit, "exit code 0");
  });

  it("starts also where NODE_OPTIONS names what the editor's own Node does not take", async () => {
    await withReplaced(process.env, { NODE_OPTIONS: "--no-such-option" }, async () => {
      const { engine, exit } = launch("echo.cjs");
      const answer = Promise.race([nextMessage(engine), exit]);
      engine.send({ type: "close", uri: "a" });
      assert.deepEqual(await answer, { type: "close", uri: "a" });
      await engine.kill();
    });
  });

  it("gives it the memory settings without which a large model takes twice the memory", async () => {
    const { engine } = launch("environment.cjs");
    const environment = (await nextMessage(engine)) as unknown as NodeJS.ProcessEnv;
    for (const [name, value] of Object.entries(ENGINE_ENVIRONMENT)) assert.equal(environment[name], value);
    await engine.kill();
  });

  it("ends a process that does not listen", async () => {
    const { engine, exit } = launch("deaf.cjs", 10);
    await nextMessage(engine);
    await engine.kill();
    assert.equal(await exit, "signal SIGKILL");
  });

  it("ends a process at once that hears nothing", async () => {
    const { engine, exit } = launch("deaf.cjs");
    await nextMessage(engine);
    engine.killAtOnce();
    assert.equal(await exit, "signal SIGKILL");
  });

  it("tells of a process that dies at once, and logs its last words", async () => {
    const { engine, log, exit } = launch("dying.cjs");
    assert.equal(await exit, "exit code 127");
    engine.send({ type: "shutdown" });
    await engine.kill();
    assert.deepEqual(log.lines, ["warn: engine: libmissing.so: cannot open shared object file"]);
  });

  it("tells of a program that is not there", async () => {
    const { exit } = launch("missing.cjs");
    assert.equal(await exit, "exit code 1");
  });
});
