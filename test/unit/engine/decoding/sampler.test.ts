import assert from "node:assert/strict";
import { makeSampler } from "../../../../src/engine/decoding/sampler";
import { assertClose } from "../../../support/assertClose";

const logits = Float32Array.of(0, 3, 1, 3, 2);

describe("makeSampler", () => {
  const options = { temperature: 1, topK: 3, topP: 1, seed: 5 };
  const draw = (sample: ReturnType<typeof makeSampler>, count: number) =>
    Array.from({ length: count }, () => sample(logits));

  it("draws the same tokens from the same seed, and others from another", () => {
    assert.deepEqual(draw(makeSampler(options), 40), draw(makeSampler(options), 40));
    assert.notDeepEqual(draw(makeSampler(options), 40), draw(makeSampler({ ...options, seed: 6 }), 40));
  });

  it("draws only from the top k", () => {
    assert.deepEqual([...new Set(draw(makeSampler(options), 300))].sort(), [1, 3, 4]);
  });

  it("draws only from the nucleus", () => {
    assert.deepEqual([...new Set(draw(makeSampler({ ...options, topP: 0.4 }), 100))], [1]);
  });

  it("draws in proportion to probability", () => {
    const drawn = draw(makeSampler(options), 4000).filter((id) => id === 4).length / 4000;
    const expected = Math.exp(2) / (2 * Math.exp(3) + Math.exp(2));
    assertClose(drawn, expected, 0.03, "the drawn share");
  });
});
