// Programs beside native modules that the system refuses: each says why, once, in a sentence.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { systemClock } from "../../src/extension/clock";
import { forkEngine } from "../../src/extension/engineProcess/engineProcess";
import { type EngineStatus, EngineSupervisor } from "../../src/extension/engineProcess/engineSupervisor";
import { modelJobs } from "../../src/extension/models/modelJob";
import { FakeLog } from "../support/fakeLog";
import { useTemporaryFolder } from "../support/temporaryFolder";
import { until } from "../support/until";

const REFUSED = {
  linux: /^What runs the model cannot be loaded: .*binding\.node: file too short\. Reinstall Griffin Code, then /,
  darwin: /^What runs the model cannot be loaded: dlopen\(.*\. Reinstall Griffin Code, then /,
  win32: /^Windows cannot load what runs the model \(.+\)\. Most often .*vc_redist\.\w+\.exe, then /,
}[process.platform as "linux" | "darwin" | "win32"];

describe("a machine on which native modules cannot be loaded", () => {
  const folder = useTemporaryFolder("all tests");
  const program = (name: string) => folder("dist", name);
  before(async () => {
    await cp("dist", folder("dist"), { recursive: true });
    for (const name of ["onnxruntime-node", "tokenizers"]) {
      const module = folder("node_modules", name);
      await mkdir(module, { recursive: true });
      await writeFile(join(module, "index.js"), 'require("./binding.node");\n');
      await writeFile(join(module, "binding.node"), "");
    }
  });

  it("is told why the engine does not start, which is not tried again", async () => {
    const log = new FakeLog();
    let starts = 0;
    const launch = () => {
      starts++;
      return forkEngine(program("engine.js"), log);
    };
    const supervisor = new EngineSupervisor(launch, () => ({ modelFolder: folder(), threads: 0 }), systemClock, log);
    const statuses: EngineStatus[] = [];
    const failed = new Promise<string>((resolve) =>
      supervisor.onStatus.on((status) => {
        statuses.push(status);
        if (status.type === "failed") resolve(status.message);
      }),
    );
    supervisor.start();
    const message = await failed;
    assert.match(message, REFUSED);
    assert.match(message, / then run "Griffin: Restart Engine"\.$/);
    await supervisor.stop();
    assert.deepEqual(
      statuses.map(({ type }) => type),
      ["starting", "failed", "stopped"],
    );
    assert.equal(starts, 1);
    assert.ok(
      log.lines.some((line) => /^error: engine: Error: .*binding\.node/.test(line)),
      "the log has the system's own words",
    );
  });

  it("is told why a job on a model fails", async () => {
    const log = new FakeLog();
    const runJob = modelJobs(program("modelJobs.js"), log);
    const { signal } = new AbortController();
    await assert.rejects(runJob({ type: "measureSpeed", folder: folder() }, { signal }), ({ message }: Error) => {
      assert.match(message, REFUSED);
      return message.endsWith(", then try again.");
    });
    const hasWords = () => log.lines.some((line) => /^warn: model job: Error: .*binding\.node/.test(line));
    await until("the log has the system's own words", hasWords);
  });

  it("is told why the griffin command fails", () => {
    const { status, stderr } = spawnSync(process.execPath, [program("cli.js"), "doctor"], { encoding: "utf8" });
    assert.equal(status, 1);
    assert.match(stderr, /^griffin: .*, then try again\.\n$/);
    assert.match(stderr.slice("griffin: ".length), REFUSED);
  });
});
