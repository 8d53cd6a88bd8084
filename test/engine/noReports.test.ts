// Nobody hears of a run: what onnxruntime would report of it to Microsoft, it would first keep in the user's cache folder.

import assert from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { type EngineMessage, type HostMessage, PROTOCOL_VERSION } from "../../src/protocol/engine";
import type { ModelJobHostMessage } from "../../src/protocol/modelJobs";
import { TINY_MODEL } from "../support/engineHarness";
import { useTemporaryFolder } from "../support/temporaryFolder";

describe("onnxruntime reports nothing", () => {
  const folder = useTemporaryFolder();
  let home: string;
  beforeEach(async function () {
    if (process.platform === "win32") this.skip();
    home = folder("home");
    await mkdir(home);
  });

  const start = (program: string, ...args: string[]) => {
    // The first of these has this process already, and the others are those of machines on which onnxruntime is silent by itself.
    const { ORT_DISABLE_TELEMETRY: _, GITHUB_ACTIONS: __, TF_BUILD: ___, ...inherited } = process.env;
    const env = { ...inherited, HOME: home, XDG_CACHE_HOME: home };
    return fork(join("dist", program), args, { env, serialization: "advanced", silent: true });
  };
  const leavesNothing = async (child: ChildProcess) => {
    assert.deepEqual(await once(child, "exit"), [0, null]);
    assert.deepEqual(await readdir(home), []);
  };

  it("of the engine", async () => {
    const engine = start("engine.js");
    const send = (message: HostMessage) => engine.send(message);
    engine.on("message", ({ type }: EngineMessage) => type === "ready" && send({ type: "shutdown" }));
    send({ type: "start", protocolVersion: PROTOCOL_VERSION, modelFolder: TINY_MODEL, options: { threads: 1 } });
    await leavesNothing(engine);
  });

  it("of a job on a model", async () => {
    const job = start("modelJobs.js");
    job.send({ type: "job", job: { type: "measureSpeed", folder: TINY_MODEL } } satisfies ModelJobHostMessage);
    await leavesNothing(job);
  });

  it("of the griffin command", async () => {
    const [tokens, out] = [join(TINY_MODEL, "tokens.json"), folder("logits")];
    await leavesNothing(start("cli.js", "logits", "--model", TINY_MODEL, "--tokens", tokens, "--out", out));
  });
});
