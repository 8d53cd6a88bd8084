// What is measured at load, with real sessions, and what is remembered of it.

import assert from "node:assert/strict";
import { cp, readFile, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { readModelFolder } from "../../../src/engine/model/modelFolder";
import { otherProviders, RUNTIME_VERSION } from "../../../src/engine/model/onnxRuntime";
import { unmeasuredThreads } from "../../../src/engine/model/unmeasuredThreads";
import { loadTunedModel } from "../../../src/engine/tuning/loadTuned";
import { ModelTuning, measureLinears } from "../../../src/engine/tuning/tune";
import { TuningFile, triedFinding, tuningKey } from "../../../src/engine/tuning/tuningFile";
import { largestDifference, runInChunks } from "../../support/logits";
import { useTemporaryFolder } from "../../support/temporaryFolder";
import { TINY, TOKENS, tuningIn, UNDISTURBED } from "../../support/tinyTuning";

describe("tuning", () => {
  const folder = useTemporaryFolder();

  it("keeps to the threads that the user chose, and says the same as without tuning", async () => {
    const about = await readModelFolder(TINY);
    const { model, tuning } = await loadTunedModel(about, { threads: 1, tuningFolder: folder() });
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
    await new TuningFile(folder("tuning.json")).set(tuningKey(about, RUNTIME_VERSION, 0), known);
    const { model, tuning } = await loadTunedModel(about, { threads: 0, tuningFolder: folder() });
    assert.equal(tuning?.isMeasured, true);
    assert.deepEqual([model.chunkTokens, model.longChunkTokens], [17, 34]);
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
    const about = await readModelFolder(TINY);
    const byThreads = [{ threads: 1, oneRowMs: 1, manyRowsMs: 10 }];
    const tuning = await ModelTuning.of(about, 0, folder());
    await tuning.use({ byThreads, share: 0.1, isDisturbed: true });
    assert.equal((await ModelTuning.of(about, 0, folder())).isMeasured, false);
    await tuning.use({ byThreads, share: 0.1, isDisturbed: false });
    const next = await ModelTuning.of(about, 0, folder());
    assert.deepEqual([next.isMeasured, next.threads, next.chunkTokens, next.longChunkTokens], [true, 1, 64, 128]);
  });

  it("says how fast the model reads as it is loaded, not as it will be with a provider found meanwhile", async function () {
    const [provider] = otherProviders();
    if (provider === undefined) this.skip();
    const tuning = await tuningIn(folder());
    tuning.beginLoad();
    await tuning.use(UNDISTURBED);
    const measured = tuning.tokenMs!;
    await tuning.record(provider!, triedFinding("faster", "", 5));
    assert.equal(tuning.tokenMs, measured);
    tuning.beginLoad();
    assert.equal(tuning.tokenMs, measured / 5);
  });

  it("decides at once how much the loaded model reads in a run, by the threads that it has", async () => {
    const tuning = await tuningIn(folder());
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

  async function alteredCopy() {
    const copy = folder("copy");
    await cp(TINY, copy, { recursive: true });
    const json = JSON.parse(await readFile(join(copy, "model.json"), "utf8"));
    for (const file of Object.values<{ sha256: string }>(json.files)) file.sha256 = "0".repeat(64);
    await writeFile(join(copy, "model.json"), JSON.stringify(json));
    return readModelFolder(copy);
  }
});
