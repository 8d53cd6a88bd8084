// Providers are tried in a child process, which may crash, hang or find none.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { constants } from "node:os";
import { join } from "node:path";
import { loadModel, readTensors } from "../../../src/engine/model/loadModel";
import { readModelFolder } from "../../../src/engine/model/modelFolder";
import { fullState, refuseUseless } from "../../../src/engine/tuning/providerTrial";
import { measureInChild, tryInChild, tryProviders } from "../../../src/engine/tuning/tryProviders";
import type { ProviderFinding } from "../../../src/engine/tuning/tuningFile";
import { useTemporaryFolder } from "../../support/temporaryFolder";
import { TINY, TOKENS } from "../../support/tinyTuning";
import { until } from "../../support/until";

describe("trying providers in a child process", () => {
  const folder = useTemporaryFolder();

  /** What is found of "webgpu" when the child is this program. */
  async function finding(program: string): Promise<ProviderFinding> {
    await writeFile(folder("modelJobs.js"), program);
    return findingWith(folder());
  }

  async function findingWith(programs: string, provider = "webgpu"): Promise<ProviderFinding> {
    const found: ProviderFinding[] = [];
    const record = async (_: string, one: ProviderFinding) => void found.push(one);
    await tryProviders([provider], { record, threads: 1 }, tryInChild(programs, TINY));
    return found[0]!;
  }

  it("survives one that crashes", async () => {
    const { verdict, detail } = await finding('process.on("message", () => process.kill(process.pid, "SIGSEGV"));');
    assert.equal(verdict, "failed");
    assert.match(detail, /its process ended with SIGSEGV/);
  });

  it("takes one that hangs along when this process ends", async () => {
    const before = process.listeners("exit");
    const found = finding('process.on("message", () => { for (;;); });');
    const added = () => process.listeners("exit").filter((listener) => !before.includes(listener));
    await until("this process would take it along", () => added().length > 0);
    for (const listener of added()) listener(0);
    assert.match((await found).detail, /ended with SIGKILL/);
    assert.equal(added().length, 0);
  });

  it("lets others have the processors first", async () => {
    const { detail } = await finding(
      `process.on("message", () => {
        const message = String(require("node:os").getPriority());
        process.send({ type: "failed", message, wasCancelled: false }, () => process.exit(0));
      });`,
    );
    assert.ok(Number(detail) >= constants.priority.PRIORITY_BELOW_NORMAL, `its priority is ${detail}`);
  });

  it("says what the provider says", async () => {
    const failed = { type: "failed", message: "x.cc:1 f() ok was false. No adapter\n  more", wasCancelled: false };
    const { verdict, detail } = await finding(
      `process.on("message", () => process.send(${JSON.stringify(failed)}, () => process.exit(0)));`,
    );
    assert.deepEqual({ verdict, detail }, { verdict: "failed", detail: "No adapter" });
  });

  it("uses one that is faster and equal", async () => {
    const trial = { cpu: { prefillMs: 90, decodeMs: 10 }, other: { prefillMs: 30, decodeMs: 5 }, difference: 0.001 };
    const done = { type: "done", result: trial };
    const { verdict, detail, gain, tryAgainAt } = await finding(
      `process.on("message", () => process.send(${JSON.stringify(done)}, () => process.exit(0)));`,
    );
    assert.deepEqual([verdict, gain?.toFixed(2), tryAgainAt], ["faster", "2.45", undefined]);
    assert.match(detail, /reads 3\.00 and writes 2\.00 times as fast/);
  });

  it("measures a real model's matrices", async () => {
    const { byThreads } = await measureInChild("dist", TINY, 1);
    assert.equal(byThreads[0]?.threads, 1);
  });

  // The processor itself stands for a provider: equal to the last bit, and no faster.
  it("compares a real model on both", async () => {
    const { verdict, detail } = await findingWith("dist", "cpu");
    assert.match(verdict, /^(slower|faster)$/, detail);
    assert.match(detail, /logits differ by 0\.0 %/);
  });

  it("runs it as most runs are: with all that the attention sees", async () => {
    const model = await loadModel(await readModelFolder(TINY), { threads: 1 });
    const { state } = await model.forward(TOKENS.slice(0, 3), model.emptyState, []);
    const full = fullState(model.architecture, state);
    const windows = full.layers.flatMap((layer) => (layer.kind === "attention" ? [layer.kv] : []));
    assert.ok(windows.length > 1);
    for (const { visibleRows, shape } of windows) assert.equal(visibleRows, shape.window);
    const { logits } = await model.forward([1], full, [0]);
    assert.ok(logits.every(Number.isFinite));
    await model.dispose();
  });

  it("is not told to load a model of which a provider can multiply nothing", async () => {
    const { verdict, detail } = await findingWith("dist", "coreml");
    assert.deepEqual(
      { verdict, detail },
      {
        verdict: "failed",
        detail: "it has no kernel for this model's rounded matrices, which would stay on the processor",
      },
    );
    const rounded = await readTensors(await readModelFolder(TINY));
    for (const provider of ["webgpu", "dml", "cuda", "cpu"]) refuseUseless(provider, rounded);
    refuseUseless("coreml", await readTensors(await readModelFolder(join("test", "fixtures", "tiny-griffin"))));
  });

  it("is told why a provider is not there", async () => {
    const { verdict, detail } = await findingWith("dist", "no-such-provider");
    assert.equal(verdict, "failed");
    assert.equal(detail, 'this onnxruntime has no "no-such-provider"');
  });
});
