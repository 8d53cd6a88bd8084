import assert from "node:assert/strict";
import { parseArchitecture } from "../../../../src/engine/model/architecture";

const attention = {
  temporal: "attention",
  numHeads: 2,
  headDim: 16,
  window: 8,
  ropeBase: 10000,
  ropeDims: 8,
  queryScale: 0.25,
  queryKeyNorm: false,
  outputBias: true,
  sink: "none",
  postNorms: false,
  mlpWidth: 64,
  mlpBias: true,
};
const recurrent = {
  temporal: "recurrent",
  lruWidth: 32,
  numGateBlocks: 2,
  convWidth: 4,
  postNorms: false,
  mlpWidth: 64,
  mlpBias: true,
};
const whole = {
  hiddenSize: 32,
  vocabSize: 100,
  rmsNormEpsilon: 1e-6,
  embeddingScale: 5.65625,
  logitsSoftCap: 30,
  layers: [recurrent, attention],
};

describe("parseArchitecture", () => {
  it("reads what models/README.md describes", () => {
    assert.deepEqual(parseArchitecture(structuredClone(whole)), whole);
    assert.equal(parseArchitecture({ ...whole, logitsSoftCap: null }).logitsSoftCap, null);
  });

  it("knows blocks without an MLP", () => {
    const layers = [{ ...recurrent, mlpWidth: 0, mlpBias: false }, attention];
    assert.deepEqual(parseArchitecture({ ...whole, layers }).layers, layers);
  });

  const refused: [string, unknown, RegExp][] = [
    ["no object", 3, /architecture is not an object/],
    ["a number in quotes", { ...whole, embeddingScale: "2" }, /embeddingScale must be a positive number, not "2"/],
    ["a number beyond all", { ...whole, embeddingScale: JSON.parse("1e999") }, /embeddingScale must be a positive/],
    ["a missing key", { ...whole, hiddenSize: undefined }, /architecture\.hiddenSize is missing/],
    ["a key from the future", { ...whole, experts: 8 }, /architecture\.experts is not known/],
    [
      "an unknown kind of layer",
      { ...whole, layers: [{ ...attention, temporal: "mamba" }] },
      /layers\[0\]\.temporal must be one of "attention", "recurrent", not "mamba"/,
    ],
    [
      "a layer's key from the future",
      { ...whole, layers: [recurrent, { ...attention, alibi: true }] },
      /layers\[1\]\.alibi is not known/,
    ],
    ["an unknown sink", { ...whole, layers: [{ ...attention, sink: "learned" }] }, /sink must be one of/],
    [
      "a window from which the first token may seem nearer than it is",
      { ...whole, layers: [{ ...attention, sink: "first-token", window: 8000 }] },
      /layers\[0\]\.window must be at most 7168 where the layer has a sink, not 8000/,
    ],
    ["a fraction for a size", { ...whole, hiddenSize: 1.5 }, /hiddenSize must be a whole number/],
    ["an odd rotary share", { ...whole, layers: [{ ...attention, ropeDims: 7 }] }, /ropeDims must be even/],
    [
      "gates that do not divide the width",
      { ...whole, layers: [{ ...recurrent, numGateBlocks: 3 }] },
      /not a multiple of numGateBlocks/,
    ],
    ["no layers", { ...whole, layers: [] }, /layers is empty/],
  ];
  for (const [what, json, message] of refused) {
    it(`refuses ${what}, by name`, () => assert.throws(() => parseArchitecture(json), message));
  }
});
