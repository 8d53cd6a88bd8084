// What is measured at load, with real sessions; and what happens when a provider fails or ends its process.

import assert from "node:assert/strict";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { availableParallelism, constants, tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { buildGraph } from "../../src/engine/graph/buildGraph";
import { SATURATING_PROCESSOR } from "../../src/engine/graph/kernels";
import { loadModel, processorKernels, readTensors } from "../../src/engine/model/loadModel";
import { readModelFolder } from "../../src/engine/model/modelFolder";
import { loadOnnxModel } from "../../src/engine/model/onnxModel";
import { otherProviders, RUNTIME_VERSION } from "../../src/engine/model/onnxRuntime";
import { unmeasuredThreads } from "../../src/engine/model/unmeasuredThreads";
import { describeTuning } from "../../src/engine/tuning/describe";
import { learn } from "../../src/engine/tuning/learn";
import { loadTunedModel, loadWatched } from "../../src/engine/tuning/loadTuned";
import { fullState, refuseUseless } from "../../src/engine/tuning/providerTrial";
import { measureInChild, tryInChild, tryProviders } from "../../src/engine/tuning/tryProviders";
import { ModelTuning, measureLinears } from "../../src/engine/tuning/tune";
import { type ProviderFinding, TuningFile, triedFinding, tuningKey } from "../../src/engine/tuning/tuningFile";
import { FakeModel } from "../support/fakeModel";
import { largestDifference, runInChunks } from "../support/logits";
import { withReplaced } from "../support/replaced";

const TINY = join("test", "fixtures", "tiny-gemma-int8");
const TOKENS = Array.from({ length: 40 }, (_, i) => (i * 7) % 50);

describe("tuning", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "griffin-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("keeps to the threads that the user chose, and says the same as without tuning", async () => {
    const about = await readModelFolder(TINY);
    const { model, tuning } = await loadTunedModel(about, { threads: 1, tuningFolder: folder });
    assert.equal(tuning?.threads, 1);
    assert.equal(model.chunkTokens, tuning.chunkTokens);
    const plain = await loadTunedModel(about, { threads: 1 });
    assert.equal(plain.tuning, undefined);
    assert.equal(plain.model.chunkTokens, undefined);
    const difference = largestDifference(
      await runInChunks(model, TOKENS, [TOKENS.length]),
      await runInChunks(plain.model, TOKENS, [TOKENS.length]),
    );
    assert.equal(difference, 0);
  });

  it("is remembered, for these weights alone", async () => {
    const about = await readModelFolder(TINY);
    const known = { threads: 2, chunkTokens: 17, longChunkTokens: 34, providers: {} };
    await new TuningFile(join(folder, "tuning.json")).set(tuningKey(about, RUNTIME_VERSION, 0), known);
    const { model, tuning } = await loadTunedModel(about, { threads: 0, tuningFolder: folder });
    assert.equal(tuning?.isMeasured, true);
    assert.deepEqual([model.chunkTokens, model.longChunkTokens], [17, 34]);
    const other = await loadTunedModel(await alteredCopy(), { threads: 0, tuningFolder: folder });
    assert.equal(other.tuning?.isMeasured, false);
  });

  it("is measured with the model's own matrices", async () => {
    const { byThreads, share } = await measureLinears(await readModelFolder(TINY), 1);
    assert.deepEqual(
      byThreads.map(({ threads }) => threads),
      [1],
    );
    assert.ok(byThreads[0]!.oneRowMs > 0 && byThreads[0]!.manyRowsMs > 0);
    assert.ok(share > 0.05 && share < 1, `the probe has ${share} of the weights`);
  });

  it("is kept for the next start unless other programs disturbed the measurement", async () => {
    const about = await readModelFolder(TINY);
    const byThreads = [{ threads: 1, oneRowMs: 1, manyRowsMs: 10 }];
    const tuning = await ModelTuning.of(about, 0, folder);
    await tuning.use({ byThreads, share: 0.1, isDisturbed: true });
    assert.equal((await ModelTuning.of(about, 0, folder)).isMeasured, false);
    await tuning.use({ byThreads, share: 0.1, isDisturbed: false });
    const next = await ModelTuning.of(about, 0, folder);
    assert.deepEqual([next.isMeasured, next.threads, next.chunkTokens, next.longChunkTokens], [true, 1, 64, 128]);
  });

  it("is learned in quiet moments alone, and graphics cards are tried when there is memory for a second copy of the model", async () => {
    const tuning = await ModelTuning.of(await readModelFolder(TINY), 0, folder);
    const idle = [false, false, true, true, true, true];
    const measured: number[] = [];
    const tried: string[] = [];
    await learn({
      tuning,
      modelBytes: 1000,
      measure: async () => {
        measured.push(idle.length);
        // The first time, somebody begins to compile.
        return {
          byThreads: [{ threads: 1, oneRowMs: 1, manyRowsMs: 10 }],
          share: 0.1,
          isDisturbed: measured.length === 1,
        };
      },
      tryProvider: async (provider, threads) => {
        assert.equal(threads, 1, "as many as were measured to be best");
        tried.push(provider);
        throw new Error("none here");
      },
      holdReading: () => () => {},
      onLearned: () => {},
      wait: async () => {},
      isIdle: async () => idle.shift() ?? false,
      // Somebody opens many tabs, and closes them again.
      availableBytes: async () => {
        assert.deepEqual(tried, []);
        return idle.length === 1 ? 2500 : 2700;
      },
    });
    assert.deepEqual(measured, [3, 2]);
    assert.equal(idle.length, 0);
    assert.deepEqual(tried, otherProviders());
    assert.equal((await ModelTuning.of(await readModelFolder(TINY), 0, folder)).untried.length, 0);
  });

  const UNDISTURBED = {
    byThreads: [1, 2, 4, 8].map((threads) => ({ threads, oneRowMs: 1 + 1 / threads, manyRowsMs: 20 / threads })),
    share: 0.1,
    isDisturbed: false,
  };

  it("is learned before a large model reads, however long others are busy, and while nothing is read", async () => {
    const tuning = await ModelTuning.of(await readModelFolder(TINY), 0, folder);
    let holds = 0;
    let looks = 0;
    const waits: [ms: number, reads: boolean][] = [];
    await learn({
      tuning,
      modelBytes: 1000,
      measure: async () => {
        assert.equal(holds, 1);
        return UNDISTURBED;
      },
      tryProvider: async () => {
        assert.equal(holds, 1);
        throw new Error("none here");
      },
      holdReading: () => {
        holds++;
        return () => {
          holds--;
        };
      },
      onLearned: () => {},
      wait: async (ms) => void waits.push([ms / 1000, holds === 0]),
      // The engine itself takes all processors where it may read.
      isIdle: async () => holds === 1 && ++looks > 30,
      availableBytes: async () => 3000,
    });
    assert.equal(tuning.isMeasured, true);
    assert.equal(holds, 0);
    assert.deepEqual(waits.slice(0, 4), [
      [3, false],
      [6, true],
      [12, true],
      [24, true],
    ]);
    assert.deepEqual(waits.at(-1), [120, true]);
  });

  it("is not measured again and again where every measurement is disturbed", async () => {
    let measured = 0;
    await learn({
      tuning: await ModelTuning.of(await readModelFolder(TINY), 0, folder),
      modelBytes: 1000,
      measure: async () => {
        measured++;
        return { ...UNDISTURBED, isDisturbed: true };
      },
      tryProvider: () => Promise.reject(new Error("not yet")),
      holdReading: () => () => {},
      onLearned: () => {},
      wait: async () => {},
      isIdle: async () => true,
    });
    assert.equal(measured, 10);
  });

  it("is taken over from a window that was quicker", async () => {
    const [tuning, other] = await Promise.all(
      [1, 2].map(async () => ModelTuning.of(await readModelFolder(TINY), 0, folder)),
    );
    const steps: string[] = [];
    await learn({
      tuning: tuning!,
      modelBytes: 1000,
      measure: () => Promise.reject(new Error("it is known already")),
      tryProvider: async () => {
        steps.push("tried");
        throw new Error("none here");
      },
      holdReading: () => () => {},
      onLearned: () => void steps.push("learned"),
      wait: () => other!.use(UNDISTURBED),
      isIdle: async () => true,
      availableBytes: async () => 3000,
    });
    assert.deepEqual([tuning!.isMeasured, tuning!.threads], [true, other!.threads]);
    assert.equal(steps[0], "learned", "whoever reads by what is measured is told at once");
  });

  it("says how fast the model reads as it is loaded, not as it will be with a provider found meanwhile", async function () {
    const [provider] = otherProviders();
    if (provider === undefined) this.skip();
    const tuning = await ModelTuning.of(await readModelFolder(TINY), 0, folder);
    tuning.beginLoad();
    await tuning.use(UNDISTURBED);
    const measured = tuning.tokenMs!;
    await tuning.record(provider!, triedFinding("faster", "", 5));
    assert.equal(tuning.tokenMs, measured);
    tuning.beginLoad();
    assert.equal(tuning.tokenMs, measured / 5);
  });

  it("decides at once how much the loaded model reads in a run, by the threads that it has", async () => {
    const tuning = await ModelTuning.of(await readModelFolder(TINY), 0, folder);
    const loaded = tuning.beginLoad();
    assert.equal(loaded.threads, unmeasuredThreads(availableParallelism()));
    assert.equal(loaded.chunkTokens, 128, "a small model");
    const slow = UNDISTURBED.byThreads.map(({ threads }) => ({ threads, oneRowMs: 1, manyRowsMs: 20 * threads }));
    const inUse = { threads: loaded.threads!, oneRowMs: 9, manyRowsMs: 20 };
    const byThreads = [...slow.filter(({ threads }) => threads !== loaded.threads), inUse];
    await tuning.use({ ...UNDISTURBED, byThreads });
    assert.equal(loaded.threads, unmeasuredThreads(availableParallelism()));
    // 32 tokens take 200 ms.
    assert.deepEqual([loaded.chunkTokens, loaded.longChunkTokens], [32, 128]);
  });

  it("does without a provider that failed before", async () => {
    await recordOfFirstProvider({ verdict: "failed", detail: "" });
    const { model, tuning } = await loadTunedModel(await readModelFolder(TINY), { threads: 0, tuningFolder: folder });
    assert.equal(tuning?.provider, undefined);
    assert.equal(tuning?.untried.length, otherProviders().length - 1);
    await model.forward(TOKENS, model.emptyState, [0]);
  });

  it("gives up a provider when the engine has ended twice while it was loaded", async function () {
    if (otherProviders().length === 0) this.skip();
    const [provider] = await recordOfFirstProvider({ verdict: "faster", detail: "" });
    const left: (ProviderFinding | undefined)[] = [];
    for (let start = 0; start < 3; start++) left.push(await findingLeftByEnd(provider!));
    assert.deepEqual(
      left.map((finding) => finding?.verdict),
      ["faster", "faster", "failed"],
    );
    const tuning = await ModelTuning.of(await readModelFolder(TINY), 0, folder);
    assert.match(describeTuning(tuning), /the engine ended twice .* tried again after a week/);
  });

  it("gives up a provider when the engine has ended twice in a row while it was used", async function () {
    if (otherProviders().length === 0) this.skip();
    const about = await readModelFolder(TINY);
    const [provider] = await recordOfFirstProvider({ verdict: "faster", detail: "" });
    const watch = { onLost: () => {}, isRunning: () => false };
    const start = async () => {
      const tuning = await ModelTuning.of(about, 0, folder);
      return loadWatched(tuning, provider!, async () => new FakeModel(), about.tokens.bos, watch);
    };
    await start(); // Which then ends by itself.
    await (await start())!.dispose();
    await start();
    assert.notEqual(await start(), undefined, "only one since the last good end");
    assert.equal(await start(), undefined);
  });

  it("does not blame a provider that has run for long for what ends the engine after", async function () {
    if (otherProviders().length === 0) this.skip();
    const about = await readModelFolder(TINY);
    const [provider] = await recordOfFirstProvider({ verdict: "faster", detail: "" });
    let minutes = 0;
    const watch = { onLost: () => {}, isRunning: () => false, now: () => minutes * 60_000 };
    for (let start = 0; start < 4; start++) {
      const tuning = await ModelTuning.of(about, 0, folder);
      const model = await loadWatched(tuning, provider!, async () => new FakeModel(), about.tokens.bos, watch);
      assert.notEqual(model, undefined, `start ${start}`);
      minutes += 11;
      await model!.forward([about.tokens.bos], model!.emptyState, [0]);
    }
  });

  it("keeps no watch where nobody asked for it: what a terminal ends was not the provider's doing", async function () {
    if (otherProviders().length === 0) this.skip();
    const about = await readModelFolder(TINY);
    const [provider] = await recordOfFirstProvider({ verdict: "faster", detail: "" });
    const tuning = await ModelTuning.of(about, 0, folder);
    await loadWatched(tuning, provider!, async () => new FakeModel(), about.tokens.bos);
    assert.deepEqual((await ModelTuning.of(about, 0, folder)).findings[provider!], { verdict: "faster", detail: "" });
  });

  it("does not take other windows that load a model at the same time for such ends", async function () {
    if (otherProviders().length === 0) this.skip();
    const [provider] = await recordOfFirstProvider({ verdict: "faster", detail: "" });
    for (let window = 0; window < 3; window++) {
      assert.equal((await findingLeftByEnd(provider!, true))?.verdict, "faster");
    }
  });

  it("tries a provider again a week after it was given up for that: it may have been two windows that were closed", async function () {
    if (otherProviders().length === 0) this.skip();
    const [provider] = await recordOfFirstProvider({ verdict: "faster", detail: "", unfinishedBy: 7 });
    for (let end = 0; end < 2; end++) await findingLeftByEnd(provider!);
    await isTriedAfterAWeek(provider!);
  });

  it("tries a provider again a week after it failed to load: it may have been an update of its driver", async function () {
    if (otherProviders().length === 0) this.skip();
    const about = await readModelFolder(TINY);
    const [provider] = await recordOfFirstProvider({ verdict: "faster", detail: "" });
    const load = () => Promise.reject(new Error("no adapter"));
    await loadWatched(await ModelTuning.of(about, 0, folder), provider!, load, about.tokens.bos);
    await isTriedAfterAWeek(provider!);
  });

  it("tries a provider again a week after its trial failed: it may have been for want of memory", async function () {
    if (otherProviders().length === 0) this.skip();
    const [provider] = await recordOfFirstProvider({ verdict: "faster", detail: "" });
    const tuning = await ModelTuning.of(await readModelFolder(TINY), 0, folder);
    await tryProviders([provider!], tuning, () => Promise.reject(new Error("its process ended with SIGKILL")));
    await isTriedAfterAWeek(provider!);
  });

  it("runs on the processor when a provider that was faster does not load any more", async function () {
    if (otherProviders().length === 0) this.skip();
    const about = await readModelFolder(TINY);
    const fail = () => Promise.reject(new Error("no adapter"));
    for (const load of [fail, async () => Object.assign(new FakeModel(), { forward: fail })]) {
      const [provider] = await recordOfFirstProvider({ verdict: "faster", detail: "" });
      const tuning = await ModelTuning.of(about, 0, folder);
      assert.equal(tuning.provider, provider);
      assert.equal(await loadWatched(tuning, provider!, load, about.tokens.bos), undefined);
      const next = await ModelTuning.of(about, 0, folder);
      assert.equal(next.provider, undefined);
      const { verdict, detail } = next.findings[provider!]!;
      assert.deepEqual([verdict, detail], ["failed", "no adapter"]);
    }
  });

  it("says the same with a provider that was faster as on the processor, whether or not it loads here", async function () {
    if (otherProviders().length === 0) this.skip();
    await recordOfFirstProvider({ verdict: "faster", detail: "" });
    const about = await readModelFolder(TINY);
    const logits: Float32Array[] = [];
    for (const options of [{ threads: 0, tuningFolder: folder }, { threads: 0 }]) {
      const { model } = await loadTunedModel(about, options);
      logits.push((await model.forward(TOKENS, model.emptyState, [TOKENS.length - 1])).logits);
    }
    assert.ok(largestDifference(logits[0]!, logits[1]!) < 1e-2);
  });

  /** What is known of the provider after a process that ended while it loaded a model with it, if it would do that. */
  async function findingLeftByEnd(provider: string, isRunning = false): Promise<ProviderFinding | undefined> {
    const about = await readModelFolder(TINY);
    const tuning = await ModelTuning.of(about, 0, folder);
    if (tuning.provider !== undefined) {
      await new Promise<void>((begun) => {
        const load = () => new Promise<never>(() => begun());
        void loadWatched(tuning, provider, load, about.tokens.bos, { isRunning: () => isRunning }).then(() => begun());
      });
    }
    return (await ModelTuning.of(about, 0, folder)).findings[provider];
  }

  async function isTriedAfterAWeek(provider: string): Promise<void> {
    const tuning = await ModelTuning.of(await readModelFolder(TINY), 0, folder);
    const { now } = Date;
    const untriedIn = (days: number) =>
      withReplaced(Date, { now: () => now() + days * 24 * 3_600_000 }, async () => tuning.untried);
    assert.ok(!(await untriedIn(6)).includes(provider));
    assert.ok((await untriedIn(8)).includes(provider));
  }

  async function recordOfFirstProvider(finding: ProviderFinding): Promise<string[]> {
    const key = tuningKey(await readModelFolder(TINY), RUNTIME_VERSION, 0);
    const names = otherProviders().slice(0, 1);
    const providers = Object.fromEntries(names.map((name) => [name, finding]));
    await new TuningFile(join(folder, "tuning.json")).set(key, {
      threads: 1,
      chunkTokens: 16,
      longChunkTokens: 16,
      providers,
    });
    return names;
  }

  async function alteredCopy() {
    const copy = join(folder, "copy");
    await cp(TINY, copy, { recursive: true });
    const json = JSON.parse(await readFile(join(copy, "model.json"), "utf8"));
    for (const file of Object.values<{ sha256: string }>(json.files)) file.sha256 = "0".repeat(64);
    await writeFile(join(copy, "model.json"), JSON.stringify(json));
    return readModelFolder(copy);
  }
});

describe("trying providers in a child process", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "griffin-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** What is found of "webgpu" when the child is this program. */
  async function finding(program: string): Promise<ProviderFinding> {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "modelJobs.js"), program);
    return findingWith(folder);
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
    while (added().length === 0) await nextTurn();
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
    const full = fullState((await model.forward(TOKENS.slice(0, 3), model.emptyState, [])).state);
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

describe("a large matrix", () => {
  it("is multiplied in parts to the same logits", async () => {
    const about = await readModelFolder(TINY);
    const tensors = await readTensors(about);
    const embedding = tensors.get("model.embed_tokens.weight")!;
    const whole = buildGraph(about.architecture, tensors, SATURATING_PROCESSOR);
    const inParts = { largestPartBytes: embedding.bytes / 3 };
    const parts = buildGraph(about.architecture, tensors, SATURATING_PROCESSOR, inParts);
    const products = (graph: Uint8Array) => Buffer.from(graph).toString("latin1").split("MatMulNBits").length;
    assert.ok(products(parts) > products(whole));
    const logits = [];
    for (const graph of [whole, parts]) {
      const model = await loadOnnxModel(graph, about.folder, about.architecture, { threads: 1 });
      logits.push(await runInChunks(model, TOKENS, [7]));
      await model.dispose();
    }
    assert.ok(largestDifference(logits[0]!, logits[1]!) < 1e-6);
  });

  it("of int8 has a scale for each part of its wide inputs, and the products add up to the same", async () => {
    const about = await readModelFolder(TINY);
    const tensors = await readTensors(about);
    const logits = [];
    const products = [];
    for (const largestScaledInputs of [undefined, 16]) {
      const options = { ...(largestScaledInputs && { largestScaledInputs }) };
      const graph = buildGraph(about.architecture, tensors, await processorKernels(), options);
      products.push(Buffer.from(graph).toString("latin1").split("MatMulIntegerToFloat").length);
      const model = await loadOnnxModel(graph, about.folder, about.architecture, { threads: 1 });
      logits.push(await runInChunks(model, TOKENS, [7]));
      await model.dispose();
    }
    assert.ok(products[1]! > products[0]!);
    // Other roundings, of logits that reach 3.9.
    const difference = largestDifference(logits[0]!, logits[1]!);
    assert.ok(difference > 0 && difference < 0.3, `${difference}`);
  });
});
