import assert from "node:assert/strict";
import { parseArchitecture } from "../../../../src/engine/model/architecture";
import type { ModelFolder } from "../../../../src/engine/model/modelFolder";
import { chainKey, keyAfter, modelKey } from "../../../../src/engine/stateStore/keys";

const ABOUT: ModelFolder = {
  folder: "/models/tiny",
  name: "tiny",
  displayName: "Tiny",
  license: "none",
  architecture: parseArchitecture({
    hiddenSize: 8,
    vocabSize: 16,
    rmsNormEpsilon: 1e-6,
    embeddingScale: 1,
    logitsSoftCap: null,
    layers: [
      {
        temporal: "recurrent",
        lruWidth: 8,
        numGateBlocks: 1,
        convWidth: 4,
        postNorms: false,
        mlpWidth: 8,
        mlpBias: true,
      },
    ],
  }),
  tokens: { bos: 2, eos: 1, stop: [1] },
  trained: { fillInTheMiddle: false, instructions: false, contextTokens: 100 },
  files: { "tokenizer.json": { bytes: 1, sha256: "a" }, "weights.safetensors": { bytes: 2, sha256: "b" } },
};

describe("the key of a state", () => {
  it("is the same wherever the model lies and whatever it is called for people", () => {
    assert.equal(modelKey({ ...ABOUT, folder: "/elsewhere", displayName: "Very Tiny" }), modelKey(ABOUT));
  });

  const changes: Record<string, Partial<ModelFolder>> = {
    weights: { files: { ...ABOUT.files, "weights.safetensors": { bytes: 2, sha256: "c" } } },
    tokenizer: { files: { ...ABOUT.files, "tokenizer.json": { bytes: 1, sha256: "c" } } },
    architecture: { architecture: { ...ABOUT.architecture, embeddingScale: 2 } },
    "special tokens": { tokens: { ...ABOUT.tokens, bos: 3 } },
    "header before each file": { trained: { ...ABOUT.trained, fillInTheMiddle: true } },
  };
  for (const [name, change] of Object.entries(changes)) {
    it(`is another with another ${name}`, () => assert.notEqual(modelKey({ ...ABOUT, ...change }), modelKey(ABOUT)));
  }

  it("is another for every path, content and order", () => {
    const [a, b] = [
      { path: "a", hash: "1" },
      { path: "b", hash: "2" },
    ];
    const chains = [[], [a], [b], [a, b], [b, a], [a, a], [{ ...a, hash: "2" }], [{ path: 'a","1', hash: "" }]];
    chains.push([{ path: "a,1", hash: "2" }], [{ path: "a", hash: "1,2" }]);
    const keys = chains.map((chain) => keyAfter("m", chain));
    assert.equal(new Set(keys).size, chains.length);
    assert.equal(keys[3], chainKey(chainKey("m", a), b));
  });
});
