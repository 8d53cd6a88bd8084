import assert from "node:assert/strict";
import { COMPARED, conditionOf, only, parseConditions, parseSources } from "../../../../src/cli/eval/sources";
import type { DocumentOffer } from "../../../../src/engine/repository/offer";

const whole = { path: "a.py", trunk: {}, snippets: {}, memory: {} } as unknown as DocumentOffer;

describe("sources of an evaluation", () => {
  it("are read by name, and a condition is named after them whatever their order", () => {
    assert.deepEqual(parseSources(" memory,snippets"), ["memory", "snippets"]);
    assert.deepEqual(
      parseConditions("none,memory+snippets,all").map(({ name }) => name),
      ["none", "snippets+memory", "all"],
    );
    assert.throws(() => parseSources("trunk,stem"), /The sources are trunk, snippets, memory; "stem" is none of them/);
  });

  it("are compared as nothing, each alone, and all", () => {
    assert.deepEqual(
      COMPARED.map(({ name }) => name),
      ["none", "trunk", "snippets", "memory", "all"],
    );
  });

  it("leave of a context what is switched on", () => {
    assert.deepEqual(Object.keys(only(conditionOf(["memory"]), whole)), ["path", "memory"]);
    assert.deepEqual(only(conditionOf([]), whole), { path: "a.py" });
    assert.deepEqual(only(conditionOf(["memory", "trunk", "snippets"]), whole), whole);
    assert.deepEqual(only(conditionOf(["trunk"]), { path: "a.py" }), { path: "a.py" });
  });
});
