// What is measured at load, with real sessions, and what is remembered of it.

import assert from "node:assert/strict";
import { cp, readFile, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Model } from "../../../src/engine/model/model";
import { readModelFolder } from "../../../src/engine/model/modelFolder";
import { otherProviders, RUNTIME_VERSION } from "../../../src/engine/model/onnxRuntime";
import { unmeasuredThreads } from "../../../src/engine/model/unmeasuredThreads";
import { loadTunedModel } from "../../../src/engine/tuning/loadTuned";
import { measureLinears } from "../../../src/engine/tuning/tune";
import { TuningFile, triedFinding, tuningKey } from "../../../src/engine/tuning/tuningFile";
import { largestDifference, runInChunks } from "../../support/logits";
import { useTemporaryFolder } from "../../support/temporaryFolder";
import { TINY, TOKENS, tuningIn, UNDISTURBED } from "../../support/tinyTuning";

describe("tuning at load", () => {
  const folder = useTemporaryFolder();

  it("keeps to the threads that the user chose, and says the same as without tuning", async () => {
    const about = await readModelFolder(TINY);
    const { model, tuning } = await loadTunedModel(about, { threads: 1, tuningFolder: folder() });
    assert.equal(tuning?.threads, 1);
    assert.equal(model.runLengths, tuning);
    const plain = await loadTunedModel(about, { threads: 1 });
    assert.equal(plain.tuning, undefined);
    assert.equal(plain.model.runLengths, undefined);
    const difference = largestDifference(
      await runInChunks(model, TOKENS, [TOKENS.length]),
      await runInChunks(plain.model, TOKENS, [TOKENS.length]),
    );
    assert.equal(difference, 0);
  });

  it("is remembered, for these weights alone", async () => {
    const about = await readModelFolder(TINY);
    const known = { threads: 2, tokenMs: 10, providers: {} };
    await new TuningFile(folder("tuning.json")).set(tuningKey(about, RUNTIME_VERSION, 0), known);
    const { model, tuning } = await loadTunedModel(about, { threads: 0, tuningFolder: folder() });
    assert.equal(tuning?.isMeasured, true);
    assert.deepEqual(runsOf(model), [16, 64]);
    const other = await loadTunedModel(await alteredCopy(), { threads: 0, tuningFolder: folder() });
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
    const times = { ...UNDISTURBED, byThreads: [{ threads: 1, oneRowMs: 1, manyRowsMs: 10 }] };
    const tuning = await tuningIn(folder());
    await tuning.use({ ...times, isDisturbed: true });
    assert.equal((await tuningIn(folder())).isMeasured, false);
    await tuning.use(times);
    const next = await tuningIn(folder());
    assert.deepEqual([next.isMeasured, next.threads, next.tokenMs], [true, 1, 3.125]);
  });

  it("says how fast the model reads as it is loaded, not as it will be with a provider found meanwhile", async function () {
    const [provider] = otherProviders();
    if (provider === undefined) this.skip();
    const tuning = await tuningIn(folder());
    tuning.beginLoad();
    await tuning.use({ ...UNDISTURBED, byThreads: [{ threads: tuning.threads, oneRowMs: 20, manyRowsMs: 96 }] });
    await tuning.record(provider!, triedFinding("faster", "", 10));
    assert.deepEqual([tuning.tokenMs, tuning.chunkTokens, tuning.longChunkTokens], [30, 16, 32]);
    tuning.beginLoad();
    assert.deepEqual([tuning.tokenMs, tuning.chunkTokens, tuning.longChunkTokens], [3, 64, 128]);
  });

  describe("of a model that is loaded before anything was measured", () => {
    const inUse = { threads: unmeasuredThreads(availableParallelism()), oneRowMs: 9, manyRowsMs: 20 };
    const more = { threads: inUse.threads + 1, oneRowMs: 1, manyRowsMs: 1 };

    it("decides at once how much it reads in a run, and how fast, by the threads that it has", async () => {
      const { model, tuning } = await loadTunedModel(await readModelFolder(TINY), {
        threads: 0,
        tuningFolder: folder(),
      });
      assert.deepEqual(runsOf(model), [128, 128], "a small model");
      await tuning!.use({ ...UNDISTURBED, byThreads: [inUse, more] });
      assert.equal(tuning!.threads, more.threads, "from the next start on");
      assert.deepEqual([tuning!.tokenMs, ...runsOf(model)], [6.25, 32, 128]);
    });

    for (const { measured, tokenMs } of [
      { measured: inUse, tokenMs: 6.25 },
      { measured: more, tokenMs: undefined },
    ]) {
      it(`takes over from another window only what holds for its threads: ${tokenMs} ms a token`, async () => {
        const [tuning, other] = await Promise.all([1, 2].map(() => tuningIn(folder())));
        await other!.use({ ...UNDISTURBED, byThreads: [measured] });
        await tuning!.takeFromOthers();
        assert.deepEqual([tuning!.threads, tuning!.tokenMs], [measured.threads, tokenMs]);
      });
    }
  });

  function runsOf({ runLengths }: Model): readonly (number | undefined)[] {
    return [runLengths?.chunkTokens, runLengths?.longChunkTokens];
  }

  async function alteredCopy() {
    const copy = folder("copy");
    await cp(TINY, copy, { recursive: true });
    const json = JSON.parse(await readFile(join(copy, "model.json"), "utf8"));
    for (const file of Object.values<{ sha256: string }>(json.files)) file.sha256 = "0".repeat(64);
    await writeFile(join(copy, "model.json"), JSON.stringify(json));
    return readModelFolder(copy);
  }
});
