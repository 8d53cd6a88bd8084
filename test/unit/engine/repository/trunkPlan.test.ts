import assert from "node:assert/strict";
import { commonChain, planTrunk } from "../../../../src/engine/repository/trunkPlan";
import type { ChainEntry } from "../../../../src/engine/stateStore/keys";

/** "a1:10" is file a with content 1 and 10 tokens; a "~" in front says that it is still being edited. */
const files = (text: string) =>
  text
    .split(" ")
    .filter((word) => word !== "")
    .map((word) => {
      const [, edited, path, hash, tokens] = /^(~?)([a-z]+)(\d+):(\d+)$/.exec(word)!;
      return { path: path!, hash: hash!, tokens: Number(tokens), isEdited: edited === "~" };
    });

const CASES: readonly {
  readonly it: string;
  readonly read: string;
  readonly wanted: string;
  readonly plan: string;
  /** What a fresh trunk reads, where that is less than the 400 tokens that a trunk may have. */
  readonly fresh?: number;
}[] = [
  { it: "reads everything into an empty trunk", read: "", wanted: "a1:10 b1:10", plan: "append a1 b1" },
  { it: "does nothing when all is read", read: "a1:10 b1:10", wanted: "a1:10 b1:10", plan: "append" },
  { it: "appends what is missing", read: "a1:10", wanted: "a1:10 b1:10", plan: "append b1" },
  { it: "appends a changed file's new text", read: "a1:5 b1:50", wanted: "a2:5 b1:50", plan: "append a2" },
  { it: "lets a file that is being edited wait", read: "a1:5 b1:50", wanted: "~a2:5 b1:50", plan: "append" },
  { it: "does not renew for what is being edited", read: "a1:50 b1:50", wanted: "~a2:50 b1:50", plan: "append" },
  { it: "minds no order", read: "b1:10 a1:10", wanted: "a1:10 b1:10", plan: "append" },
  { it: "bears a few deleted files", read: "a1:10 b1:90", wanted: "b1:90", plan: "append" },
  { it: "renews a trunk whose files are mostly gone", read: "a1:60 b1:40", wanted: "b1:40", plan: "renew b1" },
  {
    it: "counts what was read twice as waste",
    read: "a1:30 b1:30 a2:30",
    wanted: "a2:30 b1:30",
    plan: "renew a2 b1",
  },
  {
    it: "takes the last files when not all fit",
    read: "",
    wanted: "a1:100 b1:100 c1:100 d1:100 e1:100",
    plan: "append b1 c1 d1 e1",
  },
  {
    it: "leaves out a file that would keep out many others, however new it is",
    read: "",
    wanted: "a1:10 b1:500 c1:100 d1:101 e1:90",
    plan: "append a1 c1 d1 e1",
  },
  {
    it: "leaves out all large files where the others alone are too many",
    read: "",
    wanted: "a1:99 c1:99 d1:99 e1:300 f1:99 g1:99 b1:101",
    plan: "append c1 d1 f1 g1",
  },
  { it: "leaves out the largest first", read: "", wanted: "a1:150 b1:300 c1:10", plan: "append a1 c1" },
  {
    it: "takes as many large files as fit when there are no others, the latest changed",
    read: "",
    wanted: "a1:120 b1:120 c1:120 d1:120",
    plan: "append b1 c1 d1",
  },
  { it: "reads a large file where all fit", read: "", wanted: "a1:10 b1:300 c1:90", plan: "append a1 b1 c1" },
  { it: "keeps a large file that it has read", read: "a1:101 b1:10", wanted: "a1:101 b1:10", plan: "append" },
  {
    it: "renews a trunk that has grown too long",
    read: "a1:100 b1:100 c1:100 d1:100",
    wanted: "a1:100 b1:100 c1:100 d1:100 e1:100 f1:20",
    plan: "renew c1 d1 e1 f1",
  },
  {
    it: "keeps the beginning that it has read, also where a fresh trunk would have no room for it",
    read: "a1:70 b1:70 c1:100 d1:70",
    wanted: "a1:70 b1:70 d1:70 e1:95 c2:100",
    plan: "renew a1 b1 d1 e1 c2",
  },
  {
    it: "keeps no beginning that leaves little room for edits",
    read: "a1:60 b1:90 c1:90 d1:90",
    wanted: "a1:60 b1:90 c2:90 d2:90 e1:70 f1:60",
    plan: "renew b1 c2 d2 e1 f1",
  },
  {
    it: "keeps a beginning in which a file is again what it was",
    read: "a1:20 b1:30 a2:20 a1:20",
    wanted: "b1:30 a1:20",
    plan: "renew a1 b1",
  },
  {
    it: "reads the last files that a slow model has time for",
    read: "",
    wanted: "a1:40 b1:40 c1:40",
    fresh: 100,
    plan: "append b1 c1",
  },
  {
    it: "leaves a slow model's trunk as it is where it has more",
    read: "a1:90 b1:90 c1:90",
    wanted: "a1:90 b1:90 c1:90",
    fresh: 100,
    plan: "append",
  },
  {
    it: "lets a slow model's trunk grow by what is new",
    read: "a1:90 b1:90 c1:90",
    wanted: "a1:90 b1:90 c1:90 d1:20",
    fresh: 100,
    plan: "append d1",
  },
];

describe("planTrunk", () => {
  for (const { it: title, read, wanted, plan, fresh } of CASES) {
    it(title, () => {
      const edited = new Set(files(wanted).flatMap(({ path, isEdited }) => (isEdited ? [path] : [])));
      const found = planTrunk(files(read), files(wanted), 400, (path) => !edited.has(path), fresh);
      const names = found.files.map(({ path, hash }) => path + hash);
      assert.equal([found.type, ...names].join(" "), plan);
    });
  }

  it("reads a trunk anew once for many edits", () => {
    const wanted: ChainEntry[] = [..."abcdefghijklmnopq"].map((path) => ({ path, hash: "1", tokens: 29 }));
    let read: readonly ChainEntry[] = [...wanted];
    const renewedAt: number[] = [];
    for (let edit = 0; edit < 40; edit++) {
      const at = wanted.length - 1 - (edit % wanted.length);
      wanted[at] = { ...wanted[at]!, hash: `edit ${edit}` };
      const { type, files } = planTrunk(read, wanted, 400, () => true);
      if (type === "renew") renewedAt.push(edit);
      read = type === "renew" ? files : [...read, ...files];
    }
    const editsBetween = renewedAt.slice(1).map((edit, at) => edit - renewedAt[at]!);
    assert.ok(editsBetween.length > 0 && Math.min(...editsBetween) > 2, String(renewedAt));
  });
});

describe("commonChain", () => {
  for (const [a, b, count] of [
    ["a1:1 b1:1", "a1:1 b1:1 c1:1", 2],
    ["a1:1 b1:1", "a1:1 b2:1", 1],
    ["a1:1 b1:1", "c1:1 b1:1", 0],
    ["", "a1:1", 0],
  ] as const) {
    it(`${a || "nothing"} and ${b} share ${count}`, () => {
      assert.equal(commonChain(files(a), files(b)), count);
      assert.equal(commonChain(files(b), files(a)), count);
    });
  }
});
