import assert from "node:assert/strict";
import { drawRecall, formatRecall, summarizeRecall } from "../../../../../src/cli/eval/recall/report";
import { CONDITIONS, type RecallResult } from "../../../../../src/cli/eval/recall/results";

/** [bits, exact] under the state and with the memory. */
function fact(index: number, distance: number, ...measured: [bits: number, exact: boolean][]): RecallResult[] {
  return measured.map(([bits, exact], i) => {
    const id = `recall-1-passkey-${index}-${distance}`;
    return { id, kind: "passkey", condition: CONDITIONS[i]!, distance, bits, exact, bytes: 6 };
  });
}

const results: RecallResult[] = [
  ...fact(1, 0, [20, false], [20, false]),
  ...fact(2, 0, [30, false], [30, false]),
  ...fact(1, 512, [5, true], [1, true]),
  ...fact(2, 512, [20, false], [4, true]),
  // Never asked before it was told: it counts, but not in the ratio.
  ...fact(3, 512, [99, false], [99, false]),
  ...CONDITIONS.map((condition, i): RecallResult => {
    return { id: "recall-1-position-128", kind: "position", condition, position: 128, bits: 200 - 50 * i, bytes: 100 };
  }),
];

describe("a recall report", () => {
  it("counts exact answers, and compares their bits with those of the same facts before they were told", () => {
    const { distances, positions } = summarizeRecall(results);
    assert.deepEqual(distances[1], {
      kind: "passkey",
      distance: 512,
      facts: 3,
      exact: { state: 1, "state+memory": 2 },
      bitsRatio: { state: 0.5, "state+memory": 0.1 },
    });
    assert.deepEqual(positions, [{ position: 128, bytes: 100, bitsPerByte: { state: 2, "state+memory": 1.5 } }]);
  });

  it("is a table for people", () => {
    assert.equal(
      formatRecall(summarizeRecall(results)),
      [
        "recalled  tokens back   state  with exact memory  bits of the answer  with exact memory",
        "passkey      not told  0 of 2             0 of 2                1.00               1.00",
        "passkey           512  1 of 3             2 of 3                0.50               0.10",
        "Bits of the answer are over what they were before it was told: 1 is no recall at all.",
        "",
        "bits a byte     bytes  state  with exact memory",
        "from token 128    100  2.000              1.500",
        "",
      ].join("\n"),
    );
  });

  it("is drawn with a panel for each kind that was measured, both lines in each", () => {
    const svg = drawRecall("Some Model", summarizeRecall(results));
    assert.equal(svg.match(/<polyline/g)!.length, 4);
    assert(svg.includes("A pass key in a comment (% exact)") && !svg.includes("constant"));
    assert(svg.includes(">33.3<") && svg.includes(">66.7<") && svg.includes(">512<"), svg);
    assert(!svg.includes("NaN"));
  });
});
