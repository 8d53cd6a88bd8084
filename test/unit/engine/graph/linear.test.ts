import assert from "node:assert/strict";
import type { GraphWriter } from "../../../../src/engine/graph/graphWriter";
import { PROCESSOR } from "../../../../src/engine/graph/kernels";
import { Linears } from "../../../../src/engine/graph/linear";
import type { Weights } from "../../../../src/engine/graph/weights";

/** How many products a linear of so many inputs takes in int8. */
function products(inSize: number, largestScaledInputs: number): number {
  const types: string[] = [];
  const value = () => "";
  const op = (type: string) => {
    types.push(type);
    return "";
  };
  const ops = (type: string, _: unknown, count: number) => Array.from({ length: count }, () => op(type));
  const g = { op, ops, scalar: value, constant: value, cast: value } as unknown as GraphWriter;
  const weights = { find: () => ({ dtype: "I8" }), value, rows: value } as unknown as Weights;
  new Linears(g, weights, PROCESSOR, { largestScaledInputs }).apply("linear", "x", inSize, 4, { bias: false });
  return types.filter((type) => type === "MatMulIntegerToFloat").length;
}

describe("a linear of int8", () => {
  for (const [inSize, count] of [
    [10, 1],
    [20, 2],
    [21, 3],
    [25, 5],
    [22, 1],
    [29, 1],
  ] as const) {
    it(`of ${inSize} inputs, of which 10 share a scale, is multiplied in ${count}: equal, and not many`, () => {
      assert.equal(products(inSize, 10), count);
    });
  }
});
