import assert from "node:assert/strict";
import { compare, formatComparison } from "../../../../src/cli/eval/comparison";
import type { Result } from "../../../../src/cli/eval/measure";

function text(id: string, condition: string, bits: number): Result {
  return { id, kind: "text", condition, base: condition === "all" ? "trunk" : "empty", bits, bytes: 100, ms: 1 };
}

function span(id: string, condition: string, exact: boolean, similarity: number): Result {
  return { id, kind: "span", condition, base: "empty", completion: "", exact, named: true, similarity, ms: 1 };
}

const results = [
  ...[text("go-text-1", "none", 80), text("go-text-1", "all", 60)],
  ...[text("c-text-1", "none", 20), text("c-text-1", "all", 30)],
  ...[span("go-elsewhere-1", "none", false, 0.5), span("go-elsewhere-1", "all", true, 1)],
  ...[span("go-elsewhere-2", "none", true, 1), span("go-elsewhere-2", "all", true, 1)],
];

describe("comparison of conditions", () => {
  it("is by kind of task and language, against the first condition task by task", () => {
    const [texts, spans] = compare(results);
    assert.deepEqual(texts!.conditions, ["none", "all"]);
    assert.deepEqual(
      texts!.rows.map(({ group, tasks }) => [group, tasks]),
      [
        ["go", 1],
        ["c", 1],
        ["all", 2],
      ],
    );
    assert.deepEqual(texts!.rows.at(-1)!.measured[1], { bitsPerByte: 0.45, onTrunk: 2, better: 1, worse: 1 });
    assert.equal(spans!.kind, "elsewhere");
    const measured = { exact: 1, named: 1, similarity: 1, onTrunk: 0, better: 1, worse: 0 };
    assert.deepEqual(spans!.rows.at(-1)!.measured[1], measured);
  });

  it("is a table for people", () => {
    assert.equal(
      formatComparison(compare(results)),
      [
        "text: bits a byte  tasks    none      all  all / none",
        "go                     1  0.8000   0.6000       0.750",
        "c                      1  0.2000   0.3000       1.500",
        "all                    2  0.5000   0.4500       0.900",
        "  against none                    -10.0 %",
        "  better, worse                      1, 1",
        "  on the trunk                 0        2",
        "",
        "elsewhere: exact  tasks     none           all",
        "go                    2   50.0 %       100.0 %",
        "all                   2   50.0 %       100.0 %",
        "  against none                    +50.0 points",
        "  better, worse                           1, 0",
        "  right name             100.0 %       100.0 %",
        "  similarity               0.750         1.000",
        "  on the trunk                 0             0",
        "",
      ].join("\n"),
    );
  });
});
