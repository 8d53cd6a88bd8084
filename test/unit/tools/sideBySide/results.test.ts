import assert from "node:assert/strict";
import { compare } from "../../../../tools/sideBySide/agreement";
import { Results, type Row } from "../../../../tools/sideBySide/results";
import { formatTables } from "../../../../tools/sideBySide/table";
import { assertClose } from "../../../support/assertClose";
import { useTemporaryFolder } from "../../../support/temporaryFolder";

const conditions = { machine: "a processor", threads: 2, checkpointBytes: 7 };

function row(contender: string, prefillTokensPerSecond: number, more: Partial<Row> = {}): Row {
  return {
    ...{ contender, tokens: 1000, round: 1, measuredAt: "2026-01-01", loadSeconds: 3, readTokens: 1000 },
    ...{ prefillTokensPerSecond, decodeTokensPerSecond: 4, residentMb: 2000, peakMb: 3000 },
    ...more,
  };
}

describe("results of a contest", () => {
  const folder = useTemporaryFolder("all tests");

  it("go on in their file, and a newer row takes the place of an older", async () => {
    const file = folder("results.json");
    const results = await Results.open(file, conditions);
    await results.add(row("griffin-int4", 50));
    await results.add(row("griffin-int4", 60));
    const again = await Results.open(file, conditions);
    assert.deepEqual(again.rows, [row("griffin-int4", 60)]);
    assert.deepEqual(
      [again.has("griffin-int4", 1000, 1), again.has("griffin-int4", 1000, 2), again.has("griffin-int8", 1000, 1)],
      [true, false, false],
    );
  });

  it("of another machine are refused", async () => {
    const file = folder("other.json");
    await (await Results.open(file, conditions)).add(row("griffin-int4", 50));
    await assert.rejects(Results.open(file, { ...conditions, threads: 4 }), /measured with threads 2, not 4/);
  });

  it("are a table of the rounds' middle figures, with what failed in its own words", () => {
    const rows = [
      row("griffin-int4", 90, { agreement: { correlation: 0.98765, sameChoice: true, tokens: 64 } }),
      row("griffin-int4", 50, { round: 2 }),
      row("griffin-int4", 60, { round: 3, decodeTokensPerSecond: 10, residentMb: 1000 }),
      row("deepmind-float32", 20),
      row("transformers-bfloat16", 2, { readTokens: 500 }),
      { contender: "candle-float32", tokens: 1000, round: 1, measuredAt: "2026-01-01", peakMb: 9, failure: "no luck" },
    ];
    assert.equal(
      formatTables(conditions, rows).replace(/ +/g, " "),
      [
        "2 threads of a processor",
        "",
        "1,000 tokens load s prefill tok/s decode tok/s resident MB peak MB agreement",
        "deepmind-float32 3.0 20.0 4.00 2000 3000 reference",
        "transformers-bfloat16 3.0 2.0 4.00 2000 3000 too slow: read 500 only",
        "candle-float32 9 failed: no luck",
        "griffin-int4 3.0 60.0 4.00 2000 3000 0.9877 same token (64)",
        "",
        "griffin-int4 over prefill decode of the memory",
        "deepmind-float32 3.00 1.00 1.00",
        "transformers-bfloat16 30.00 1.00 1.00",
        "",
      ].join("\n"),
    );
  });
});

describe("agreement of logits", () => {
  const cases: readonly (readonly [
    name: string,
    a: number[],
    b: number[],
    correlation: number,
    sameChoice: boolean,
  ])[] = [
    ["scaled and moved is the same", [1, 2, 4], [12, 14, 18], 1, true],
    ["turned around is the opposite", [1, 2, 4], [-1, -2, -4], -1, false],
    ["the best of three may differ", [0, 3, 4], [0, 4, 3], 0.8846, false],
  ];
  for (const [name, a, b, correlation, sameChoice] of cases) {
    it(name, () => {
      const found = compare(Float32Array.from(a), Float32Array.from(b));
      assertClose(found.correlation, correlation, 1e-3, "the correlation");
      assert.equal(found.sameChoice, sameChoice);
    });
  }
});
