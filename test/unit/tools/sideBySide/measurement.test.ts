import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../../../../tools/setUp/paths.mjs";
import { affordable, measure, type Plan } from "../../../../tools/sideBySide/measurement";
import { useTemporaryFolder } from "../../../support/temporaryFolder";

describe("a measurement beside others", () => {
  const folder = useTemporaryFolder("all tests");

  before(async function () {
    if (process.platform !== "linux") this.skip(); // Memory is read from /proc.
  });

  const run = (fault: string | undefined, plan: Partial<Plan> = {}) =>
    measure(
      { file: process.execPath, args: [join(root, "test/support/contender.mjs"), ...(fault ? [fault] : [])] },
      {
        ...{ prompt: Array<number>(200).fill(0.5), written: [4, 2, 1, 4, 8], limitSeconds: 1000, memoryLimitMb: 4000 },
        logitsFile: (read) => folder(`${read}.f32`),
        ...plan,
      },
    );

  it("divides the prompt by its time, and takes the median of the written tokens' times", async () => {
    const { loadSeconds, residentMb, peakMb, ...rest } = await run(undefined);
    assert.deepEqual(rest, { readTokens: 200, prefillTokensPerSecond: 2, decodeTokensPerSecond: 1 / 4 });
    assert.ok(loadSeconds! > 0 && residentMb! > 10 && peakMb >= residentMb!);
    assert.equal((await readFile(folder("200.f32"))).length, 12);
  });

  it("reads a round number of tokens when the limit does not suffice for all", async () => {
    const { readTokens, prefillTokensPerSecond } = await run(undefined, { limitSeconds: 80 });
    assert.deepEqual({ readTokens, prefillTokensPerSecond }, { readTokens: 100, prefillTokensPerSecond: 2 });
  });

  it("measures the writing of a single token, too", async () => {
    assert.equal((await run(undefined, { written: [4] })).decodeTokensPerSecond, 1 / 4);
  });

  it("keeps the last words of one that dies", async () => {
    const { failure, peakMb } = await run("dies");
    assert.equal(failure, "RuntimeError: out of luck");
    assert.ok(peakMb > 10);
  });

  it("ends one that grows beyond the limit, and says so", async () => {
    const { failure, peakMb } = await run("grows", { memoryLimitMb: 300 });
    assert.match(failure!, /^had taken \d+\.\d GB when it was ended \(limit 0\.3 GB\)$/);
    assert.ok(peakMb > 300);
  });

  it("says why one cannot be started", async () => {
    const { failure } = await measure({ file: folder("nothing"), args: [] }, {} as Plan);
    assert.match(failure!, /ENOENT/);
  });
});

describe("what a limit affords", () => {
  const cases: readonly (readonly [wanted: number, tokensPerSecond: number, seconds: number, affordable: number])[] = [
    [4000, 50, 240, 4000],
    [16000, 50, 240, 12000],
    [16000, 2.6, 240, 600],
    [1000, 0.1, 240, 100],
    [64, 0.1, 240, 64],
  ];
  for (const [wanted, speed, seconds, expected] of cases) {
    it(`${wanted} tokens at ${speed} a second in ${seconds} s: ${expected}`, () => {
      assert.equal(affordable(wanted, speed, seconds), expected);
    });
  }
});
