// A provider that was faster: what happens when it fails, or ends its process.

import assert from "node:assert/strict";
import { mock } from "node:test";
import { readModelFolder } from "../../../src/engine/model/modelFolder";
import { otherProviders, RUNTIME_VERSION } from "../../../src/engine/model/onnxRuntime";
import { describeTuning } from "../../../src/engine/tuning/describe";
import { loadTunedModel, loadWatched } from "../../../src/engine/tuning/loadTuned";
import { tryProviders } from "../../../src/engine/tuning/tryProviders";
import { ModelTuning } from "../../../src/engine/tuning/tune";
import { type ProviderFinding, TuningFile, tuningKey } from "../../../src/engine/tuning/tuningFile";
import { FakeModel } from "../../support/fakeModel";
import { largestDifference } from "../../support/logits";
import { withReplaced } from "../../support/replaced";
import { useTemporaryFolder } from "../../support/temporaryFolder";
import { TINY, TOKENS, tuningIn } from "../../support/tinyTuning";

describe("tuning with a faster provider", () => {
  const folder = useTemporaryFolder();

  it("does without a provider that failed before", async () => {
    await recordOfFirstProvider({ verdict: "failed", detail: "" });
    const { model, tuning } = await loadTunedModel(await readModelFolder(TINY), { threads: 0, tuningFolder: folder() });
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
    const tuning = await tuningIn(folder());
    assert.match(describeTuning(tuning), /the engine ended twice .* tried again after a week/);
  });

  it("gives up a provider when the engine has ended twice in a row while it was used", async function () {
    if (otherProviders().length === 0) this.skip();
    const about = await readModelFolder(TINY);
    const [provider] = await recordOfFirstProvider({ verdict: "faster", detail: "" });
    const watch = { onLost: () => {}, isRunning: () => false };
    const start = async () => {
      const tuning = await ModelTuning.of(about, 0, folder());
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
      const tuning = await ModelTuning.of(about, 0, folder());
      const model = await loadWatched(tuning, provider!, async () => new FakeModel(), about.tokens.bos, watch);
      assert.notEqual(model, undefined, `start ${start}`);
      minutes += 11;
      await model!.forward([about.tokens.bos], model!.emptyState, [0]);
    }
  });

  it("gives up a provider that hung twice within a day, however long it ran before", async function () {
    if (otherProviders().length === 0) this.skip();
    const hour = 3_600_000;
    const isUsedAfter = async (hungAt: number, readyAt: number) => {
      const about = await readModelFolder(TINY);
      const [provider] = await recordOfFirstProvider({ verdict: "faster", detail: "", hungAt: Date.now() - hungAt });
      const tuning = await ModelTuning.of(about, 0, folder());
      const watch = { onLost: () => {}, hungEngineReadyAt: Date.now() - readyAt };
      return (await loadWatched(tuning, provider!, async () => new FakeModel(), about.tokens.bos, watch)) !== undefined;
    };
    assert.equal(await isUsedAfter(25 * hour, 3 * hour), true, "it hung long ago");
    assert.equal(await isUsedAfter(2 * hour, 3 * hour), true, "another window's engine, which hung at the same time");
    assert.equal(await isUsedAfter(2 * hour, 1 * hour), false);
    assert.match(
      describeTuning(await tuningIn(folder())),
      /it hung twice within a day; it is tried again after a week/,
    );
  });

  for (const { when, enginesBetween } of [
    { when: "in the engine right after the one that hung", enginesBetween: 0 },
    { when: "in a later one, though those between were given back", enginesBetween: 2 },
  ]) {
    it(`gives up a provider that hangs a second time ${when}`, async function () {
      if (otherProviders().length === 0) this.skip();
      const about = await readModelFolder(TINY);
      const [provider] = await recordOfFirstProvider({ verdict: "faster", detail: "" });
      const start = async (hungEngineReadyAt?: number) => {
        const tuning = await ModelTuning.of(about, 0, folder());
        const load = async () => {
          mock.timers.setTime(Date.now() + 1000);
          return new FakeModel();
        };
        const watch = { onLost: () => {}, hungEngineReadyAt };
        const model = await loadWatched(tuning, provider!, load, about.tokens.bos, watch);
        return { model, readyAt: Date.now() };
      };
      mock.timers.enable({ apis: ["Date"], now: Date.now() });
      try {
        let engine = await start((await start()).readyAt);
        for (let between = 0; between < enginesBetween; between++) {
          await engine.model!.dispose();
          engine = await start();
        }
        assert.notEqual(engine.model, undefined, "it has hung once");
        assert.equal((await start(engine.readyAt)).model, undefined);
      } finally {
        mock.timers.reset();
      }
    });
  }

  it("keeps no watch where nobody asked for it: what a terminal ends was not the provider's doing", async function () {
    if (otherProviders().length === 0) this.skip();
    const about = await readModelFolder(TINY);
    const [provider] = await recordOfFirstProvider({ verdict: "faster", detail: "" });
    const tuning = await ModelTuning.of(about, 0, folder());
    await loadWatched(tuning, provider!, async () => new FakeModel(), about.tokens.bos);
    assert.deepEqual((await ModelTuning.of(about, 0, folder())).findings[provider!], { verdict: "faster", detail: "" });
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
    await loadWatched(await ModelTuning.of(about, 0, folder()), provider!, load, about.tokens.bos);
    await isTriedAfterAWeek(provider!);
  });

  it("gives back a provider's model that fails in its first run", async function () {
    if (otherProviders().length === 0) this.skip();
    const about = await readModelFolder(TINY);
    const [provider] = await recordOfFirstProvider({ verdict: "faster", detail: "" });
    let disposals = 0;
    const failing = Object.assign(new FakeModel(), {
      forward: () => Promise.reject(new Error("out of memory")),
      dispose: async () => void disposals++,
    });
    const tuning = await ModelTuning.of(about, 0, folder());
    assert.equal(await loadWatched(tuning, provider!, async () => failing, about.tokens.bos), undefined);
    assert.equal(disposals, 1);
  });

  it("tries a provider again a week after its trial failed: it may have been for want of memory", async function () {
    if (otherProviders().length === 0) this.skip();
    const [provider] = await recordOfFirstProvider({ verdict: "faster", detail: "" });
    const tuning = await tuningIn(folder());
    await tryProviders([provider!], tuning, () => Promise.reject(new Error("its process ended with SIGKILL")));
    await isTriedAfterAWeek(provider!);
  });

  it("finds nothing out of a trial during which the machine slept", async () => {
    const found: unknown[] = [];
    const record = async (...finding: unknown[]) => void found.push(finding);
    const wokeUp = async () => {
      mock.timers.setTime(Date.now() + 3_600_000);
      throw new Error("the device was lost");
    };
    mock.timers.enable({ apis: ["Date"] });
    try {
      await tryProviders(["webgpu"], { record, threads: 1 }, wokeUp);
    } finally {
      mock.timers.reset();
    }
    assert.deepEqual(found, []);
  });

  it("runs on the processor when a provider that was faster does not load any more", async function () {
    if (otherProviders().length === 0) this.skip();
    const about = await readModelFolder(TINY);
    const fail = () => Promise.reject(new Error("no adapter"));
    for (const load of [fail, async () => Object.assign(new FakeModel(), { forward: fail })]) {
      const [provider] = await recordOfFirstProvider({ verdict: "faster", detail: "" });
      const tuning = await ModelTuning.of(about, 0, folder());
      assert.equal(tuning.provider, provider);
      assert.equal(await loadWatched(tuning, provider!, load, about.tokens.bos), undefined);
      const next = await ModelTuning.of(about, 0, folder());
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
    for (const options of [{ threads: 0, tuningFolder: folder() }, { threads: 0 }]) {
      const { model } = await loadTunedModel(about, options);
      logits.push((await model.forward(TOKENS, model.emptyState, [TOKENS.length - 1])).logits);
    }
    assert.ok(largestDifference(logits[0]!, logits[1]!) < 1e-2);
  });

  /** What is known of the provider after a process that ended while it loaded a model with it, if it would do that. */
  async function findingLeftByEnd(provider: string, isRunning = false): Promise<ProviderFinding | undefined> {
    const about = await readModelFolder(TINY);
    const tuning = await ModelTuning.of(about, 0, folder());
    if (tuning.provider !== undefined) {
      await new Promise<void>((begun) => {
        const load = () => new Promise<never>(() => begun());
        void loadWatched(tuning, provider, load, about.tokens.bos, { isRunning: () => isRunning }).then(() => begun());
      });
    }
    return (await ModelTuning.of(about, 0, folder())).findings[provider];
  }

  async function isTriedAfterAWeek(provider: string): Promise<void> {
    const tuning = await tuningIn(folder());
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
    await new TuningFile(folder("tuning.json")).set(key, { threads: 1, tokenMs: 5, providers });
    return names;
  }
});
