import assert from "node:assert/strict";
import { formatSummary, summarize } from "../../../../src/cli/eval/summary";

const go = { id: "go-text-1", kind: "text", bits: 50, bytes: 100, ms: 1 } as const;
const c = { id: "c-text-1", kind: "text", bits: 250, bytes: 300, ms: 1 } as const;
const right = {
  id: "go-word-1",
  kind: "span",
  completion: "a",
  exact: true,
  named: true,
  similarity: 1,
  ms: 9,
} as const;
const wrong = {
  id: "go-word-2",
  kind: "span",
  completion: "b",
  exact: false,
  named: false,
  similarity: 0.5,
  ms: 5,
} as const;

describe("evaluation summary", () => {
  it("weighs bits a byte by bytes, for each group and for all", () => {
    assert.deepEqual(summarize([go, c]), {
      text: [
        { group: "go", tasks: 1, bytes: 100, bitsPerByte: 0.5 },
        { group: "c", tasks: 1, bytes: 300, bitsPerByte: 250 / 300 },
        { group: "all", tasks: 2, bytes: 400, bitsPerByte: 0.75 },
      ],
    });
  });

  it("counts apart what is shown to somebody who does not ask", () => {
    const unsure = { ...wrong, isUnsure: true } as const;
    const [row] = summarize([right, wrong, unsure, { ...wrong, completion: "" }]).span!;
    assert.deepEqual([row!.tasks, row!.exact, row!.shown, row!.shownExact], [4, 1, 2, 1]);
  });

  it("counts exact spans and takes the mean similarity and the lower median time", () => {
    const row = { tasks: 2, exact: 1, shown: 2, shownExact: 1, similarity: 0.75, medianMs: 5 };
    assert.deepEqual(summarize([right, wrong]), {
      span: [
        { group: "go", ...row },
        { group: "all", ...row },
      ],
      spanKinds: [{ group: "word", ...row }],
    });
  });

  it("counts spans by kind, and those that end with their line together", () => {
    const spans = [right, wrong, { ...right, id: "c-rest-1" }, { ...right, id: "c-block-1" }];
    assert.deepEqual(
      summarize(spans).spanKinds!.map(({ group, tasks, exact }) => [group, tasks, exact]),
      [
        ["word", 2, 1],
        ["rest", 1, 1],
        ["block", 1, 1],
        ["single line", 3, 2],
      ],
    );
  });

  it("is a table for people", () => {
    assert.equal(
      formatSummary(summarize([go, right])),
      [
        "text  tasks  bytes  bits a byte",
        "go        1    100       0.5000",
        "all       1    100       0.5000",
        "",
        "span  tasks  exact  unasked  exact of these  similarity  median ms",
        "go        1      1        1               1       1.000          9",
        "all       1      1        1               1       1.000          9",
        "word      1      1        1               1       1.000          9",
        "",
      ].join("\n"),
    );
  });
});
