// A provider that was faster: what happens when it fails, or ends its process.

import assert from "node:assert/strict";
import { mock } from "node:test";
import { readModelFolder } from "../../../src/engine/model/modelFolder";
import { otherProviders, RUNTIME_VERSION } from "../../../src/engine/model/onnxRuntime";
import { describeTuning } from "../../../src/engine/tuning/describe";
import { loadTunedModel, loadWatched, type Watch } from "../../../src/engine/tuning/loadTuned";
import { tryProviders } from "../../../src/engine/tuning/tryProviders";
import { type ProviderFinding, TuningFile, tuningKey } from "../../../src/engine/tuning/tuningFile";
import { FakeModel } from "../../support/fakeModel";
import { largestDifference } from "../../support/logits";
import { withReplaced } from "../../support/replaced";
import { useTemporaryFolder } from "../../support/temporaryFolder";
import { TINY, TOKENS, tuningIn } from "../../support/tinyTuning";

const TOKEN = 2;
const HOUR = 3_600_000;
const FASTER: ProviderFinding = { verdict: "faster", detail: "" };
const noAdapter = () => Promise.reject(new Error("no adapter"));

describe("tuning with a faster provider", () => {
  const folder = useTemporaryFolder();
  const [provider = "none"] = otherProviders();
  beforeEach(async function () {
    if (otherProviders().length === 0) this.skip();
    await keep(FASTER);
  });

  async function keep(finding: ProviderFinding): Promise<void> {
    const key = tuningKey(await readModelFolder(TINY), RUNTIME_VERSION, 0);
    const tuning = { threads: 1, tokenMs: 5, providers: { [provider]: finding } };
    await new TuningFile(folder("tuning.json")).set(key, tuning);
  }

  const tuningNow = () => tuningIn(folder());
  const findingNow = async () => (await tuningNow()).findings[provider]!;

  /** What an engine does that begins now. @returns the model, where the provider is used */
  async function start(watch?: Watch, load: () => Promise<FakeModel> = async () => new FakeModel()) {
    return loadWatched(await tuningNow(), provider, load, TOKEN, watch);
  }

  it("does without a provider that failed before", async () => {
    await keep({ verdict: "failed", detail: "" });
    const { model, tuning } = await loadTunedModel(await readModelFolder(TINY), { threads: 0, tuningFolder: folder() });
    assert.equal(tuning?.provider, undefined);
    assert.equal(tuning?.untried.length, otherProviders().length - 1);
    await model.forward(TOKENS, model.emptyState, [0]);
  });

  it("gives up a provider when the engine has ended twice while it was loaded", async () => {
    const verdicts: string[] = [];
    for (let engine = 0; engine < 3; engine++) {
      await endWhileLoading();
      verdicts.push((await findingNow()).verdict);
    }
    assert.deepEqual(verdicts, ["faster", "faster", "failed"]);
    assert.match(describeTuning(await tuningNow()), /the engine ended twice .* tried again after a week/);
  });

  it("gives up a provider when the engine has ended twice in a row while it was used", async () => {
    const watch = { onLost: () => {}, isRunning: () => false };
    await start(watch); // Which then ends by itself.
    await (await start(watch))!.dispose();
    await start(watch);
    assert.notEqual(await start(watch), undefined, "only one since the last good end");
    assert.equal(await start(watch), undefined);
  });

  it("does not blame a provider that has run for long for what ends the engine after", async () => {
    let minutes = 0;
    const watch = { onLost: () => {}, isRunning: () => false, now: () => minutes * 60_000 };
    for (let engine = 0; engine < 4; engine++) {
      const model = await start(watch);
      assert.notEqual(model, undefined, `engine ${engine}`);
      minutes += 11;
      await model!.forward([TOKEN], model!.emptyState, [0]);
    }
  });

  it("gives up a provider that hung twice within a day, however long it ran before", async () => {
    const isUsedAfter = async (hungAt: number, readyAt: number) => {
      await keep({ ...FASTER, hungAt: Date.now() - hungAt });
      return (await start({ onLost: () => {}, hungEngineReadyAt: Date.now() - readyAt })) !== undefined;
    };
    assert.equal(await isUsedAfter(25 * HOUR, 3 * HOUR), true, "it hung long ago");
    assert.equal(await isUsedAfter(2 * HOUR, 3 * HOUR), true, "another window's engine, which hung at the same time");
    assert.equal(await isUsedAfter(2 * HOUR, 1 * HOUR), false);
    assert.match(describeTuning(await tuningNow()), /it hung twice within a day; it is tried again after a week/);
  });

  for (const { when, enginesBetween } of [
    { when: "in the engine right after the one that hung", enginesBetween: 0 },
    { when: "in a later one, though those between were given back", enginesBetween: 2 },
  ]) {
    it(`gives up a provider that hangs a second time ${when}`, () =>
      withFakeDate(async () => {
        const load = async () => {
          mock.timers.setTime(Date.now() + 1000);
          return new FakeModel();
        };
        const begin = async (hungEngineReadyAt?: number) => {
          const model = await start({ onLost: () => {}, hungEngineReadyAt }, load);
          return { model, readyAt: Date.now() };
        };
        let engine = await begin((await begin()).readyAt);
        for (let between = 0; between < enginesBetween; between++) {
          await engine.model!.dispose();
          engine = await begin();
        }
        assert.notEqual(engine.model, undefined, "it has hung once");
        assert.equal((await begin(engine.readyAt)).model, undefined);
      }));
  }

  it("keeps no watch where nobody asked for it: what a terminal ends was not the provider's doing", async () => {
    await start();
    assert.deepEqual(await findingNow(), FASTER);
  });

  it("does not take other windows that load a model at the same time for such ends", async () => {
    for (let window = 0; window < 3; window++) {
      await endWhileLoading(true);
      assert.equal((await findingNow()).verdict, "faster");
    }
  });

  it("tries a provider again a week after it was given up for that: it may have been two windows that were closed", async () => {
    await keep({ ...FASTER, unfinishedBy: 7 });
    for (let end = 0; end < 2; end++) await endWhileLoading();
    await isTriedAfterAWeek();
  });

  it("tries a provider again a week after it failed to load: it may have been an update of its driver", async () => {
    await start({}, noAdapter);
    await isTriedAfterAWeek();
  });

  it("gives back a provider's model that fails in its first run", async () => {
    let disposals = 0;
    const failing = Object.assign(new FakeModel(), { forward: noAdapter, dispose: async () => void disposals++ });
    assert.equal(await start({}, async () => failing), undefined);
    assert.equal(disposals, 1);
  });

  it("tries a provider again a week after its trial failed: it may have been for want of memory", async () => {
    await tryProviders([provider], await tuningNow(), () =>
      Promise.reject(new Error("its process ended with SIGKILL")),
    );
    await isTriedAfterAWeek();
  });

  it("runs on the processor when a provider that was faster does not load any more", async () => {
    for (const load of [noAdapter, async () => Object.assign(new FakeModel(), { forward: noAdapter })]) {
      await keep(FASTER);
      assert.equal((await tuningNow()).provider, provider);
      assert.equal(await start({}, load), undefined);
      assert.equal((await tuningNow()).provider, undefined);
      const { verdict, detail } = await findingNow();
      assert.deepEqual([verdict, detail], ["failed", "no adapter"]);
    }
  });

  it("says the same with a provider that was faster as on the processor, whether or not it loads here", async () => {
    const about = await readModelFolder(TINY);
    const logits: Float32Array[] = [];
    for (const options of [{ threads: 0, tuningFolder: folder() }, { threads: 0 }]) {
      const { model } = await loadTunedModel(about, options);
      logits.push((await model.forward(TOKENS, model.emptyState, [TOKENS.length - 1])).logits);
    }
    assert.ok(largestDifference(logits[0]!, logits[1]!) < 1e-2);
  });

  /** A process ends while it loads a model with the provider, if it would do that. @param isRunning whether others see it still */
  async function endWhileLoading(isRunning = false): Promise<void> {
    if ((await tuningNow()).provider === undefined) return;
    await new Promise<void>((begun) => {
      const load = () => new Promise<never>(() => begun());
      void start({ isRunning: () => isRunning }, load).then(() => begun());
    });
  }

  async function isTriedAfterAWeek(): Promise<void> {
    const tuning = await tuningNow();
    const { now } = Date;
    const untriedIn = (days: number) =>
      withReplaced(Date, { now: () => now() + days * 24 * HOUR }, async () => tuning.untried);
    assert.ok(!(await untriedIn(6)).includes(provider));
    assert.ok((await untriedIn(8)).includes(provider));
  }
});

describe("a trial during which the machine slept", () => {
  it("finds nothing out", async () => {
    const found: unknown[] = [];
    const record = async (...finding: unknown[]) => void found.push(finding);
    const wokeUp = async () => {
      mock.timers.setTime(Date.now() + HOUR);
      throw new Error("the device was lost");
    };
    await withFakeDate(() => tryProviders(["webgpu"], { record, threads: 1 }, wokeUp));
    assert.deepEqual(found, []);
  });
});

async function withFakeDate(work: () => Promise<void>): Promise<void> {
  mock.timers.enable({ apis: ["Date"], now: Date.now() });
  try {
    await work();
  } finally {
    mock.timers.reset();
  }
}
