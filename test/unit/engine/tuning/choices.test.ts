import assert from "node:assert/strict";
import { unmeasuredThreads } from "../../../../src/engine/model/unmeasuredThreads";
import {
  chooseChunkTokens,
  chooseThreads,
  fastestProvider,
  gainOf,
  judgeProvider,
  LONGEST_LONG_RUN_MS,
  LONGEST_RUN_MS,
  threadCandidates,
  tokenMsOf,
} from "../../../../src/engine/tuning/choices";
import type { ProviderTrial } from "../../../../src/protocol/modelJobs";

describe("threads", () => {
  const MACHINES: readonly { readonly processors: number; readonly tried: number[]; readonly unmeasured: number }[] = [
    { processors: 1, tried: [1], unmeasured: 1 },
    { processors: 2, tried: [2], unmeasured: 2 },
    { processors: 3, tried: [2, 3], unmeasured: 2 },
    { processors: 4, tried: [2, 4], unmeasured: 2 },
    { processors: 6, tried: [2, 3, 4, 6], unmeasured: 3 },
    { processors: 8, tried: [2, 4, 8], unmeasured: 4 },
    { processors: 12, tried: [2, 4, 6, 8, 12], unmeasured: 6 },
    { processors: 16, tried: [2, 4, 8, 16], unmeasured: 8 },
    { processors: 20, tried: [2, 4, 8, 10, 16], unmeasured: 8 },
    { processors: 32, tried: [2, 4, 8, 16], unmeasured: 8 },
    { processors: 64, tried: [2, 4, 8, 16], unmeasured: 8 },
  ];
  for (const { processors, tried, unmeasured } of MACHINES) {
    it(`are tried on ${processors} processors from few to many, and are ${unmeasured} until then`, () => {
      assert.deepEqual(threadCandidates(processors, 0.1e9), tried);
      assert.equal(unmeasuredThreads(processors), unmeasured);
      assert.ok(tried.includes(unmeasured), "what is in use is measured, too");
    });
  }

  it("are up to 32 for a large model", () => {
    assert.deepEqual(threadCandidates(64, 2.7e9), [2, 4, 8, 16, 32]);
    assert.deepEqual(threadCandidates(24, 2.7e9), [2, 4, 8, 12, 16, 24]);
  });

  function check(times: Record<number, [oneRowMs: number, manyRowsMs: number]>, expected: number) {
    const byThreads = Object.entries(times).map(([threads, [oneRowMs, manyRowsMs]]) => ({
      threads: Number(threads),
      oneRowMs,
      manyRowsMs,
    }));
    assert.equal(chooseThreads(byThreads), expected);
    assert.equal(chooseThreads(byThreads.reverse()), expected);
  }

  it("are as many as are fastest", () => check({ 2: [4, 40], 4: [2, 20] }, 4));
  it("are fewer when more gain next to nothing", () => check({ 4: [2.05, 20], 8: [2, 20] }, 4));
  it("are fewer when more make writing slower by more than reading faster", () => check({ 4: [2, 20], 8: [4, 15] }, 4));
});

describe("the tokens of a run", () => {
  function check(tokenMs: number, expected: number, longestMs = LONGEST_RUN_MS) {
    assert.equal(chooseChunkTokens(tokenMs, longestMs), expected);
  }

  it("are many on a fast machine", () => check(2.2, 128));
  it("are as many as make a run of 300 ms", () => check(4.4, 64));
  it("are more where nobody types behind them", () => check(4.4, 128, LONGEST_LONG_RUN_MS));
  it("are no fewer than a kernel needs", () => check(150, 16));
});

describe("a token", () => {
  const times = { byThreads: [{ threads: 2, oneRowMs: 1, manyRowsMs: 16 }], share: 0.1, isDisturbed: false };

  it("takes as long as its part of all linears", () => assert.equal(tokenMsOf(times, 2), 5));
  it("takes nobody knows how long with threads that were not measured", () => {
    assert.equal(tokenMsOf(times, 4), undefined);
  });
});

describe("a provider", () => {
  const times = (prefillMs: number, decodeMs: number) => ({ prefillMs, decodeMs });
  function check(trial: ProviderTrial, expected: string) {
    assert.equal(judgeProvider(trial), expected);
  }

  it("is used when it is faster and says the same", () =>
    check({ cpu: times(100, 10), other: times(20, 5), difference: 0.01 }, "faster"));
  it("is left when it says something else, however fast", () =>
    check({ cpu: times(100, 10), other: times(1, 1), difference: 0.3 }, "different"));
  it("is left when it says what is no number", () =>
    check({ cpu: times(100, 10), other: times(1, 1), difference: Number.NaN }, "different"));
  it("is left when it reads fast and writes slowly", () =>
    check({ cpu: times(100, 10), other: times(10, 11), difference: 0.01 }, "slower"));
  it("is left when it gains next to nothing", () =>
    check({ cpu: times(100, 10), other: times(95, 9), difference: 0.01 }, "slower"));

  it("gains as much as it does in reading and in writing", () =>
    assert.equal(gainOf({ cpu: times(90, 10), other: times(10, 2.5), difference: 0.01 }), 6));

  it("is used of several that are faster when it gains most, in whatever order they come", () => {
    const findings = {
      dml: { verdict: "faster", gain: 1.3 },
      webgpu: { verdict: "faster", gain: 6 },
      cuda: { verdict: "different", gain: 20 },
      coreml: { verdict: "failed" },
    };
    assert.equal(fastestProvider(["cuda", "dml", "webgpu", "coreml"], findings), "webgpu");
    assert.equal(fastestProvider(["webgpu", "dml"], findings), "webgpu");
    assert.equal(fastestProvider(["dml", "coreml"], findings), "dml");
    assert.equal(fastestProvider(["cuda", "coreml", "rocm"], findings), undefined);
  });
});
