import assert from "node:assert/strict";
import fc from "fast-check";
import { bitsOf, greedy } from "../../../../src/engine/decoding/logits";
import { NextToken } from "../../../../src/engine/exactMemory/mixing";
import { type Prediction, predictFrom } from "../../../../src/engine/exactMemory/prediction";
import { assertClose } from "../../../support/assertClose";

const VOCAB_SIZE = 12;
const logits = fc
  .array(fc.double({ min: -8, max: 8, noNaN: true }), { minLength: VOCAB_SIZE, maxLength: VOCAB_SIZE })
  .map((values) => Float32Array.from(values));
const matches = fc.array(fc.record({ token: fc.nat(VOCAB_SIZE - 1), length: fc.integer({ min: 1, max: 32 }) }), {
  maxLength: 10,
});
const flat = new Float32Array(VOCAB_SIZE);

const bitsMixed = (row: Float32Array, prediction: Prediction | undefined, token: number) =>
  -Math.log2(new NextToken(row, prediction).probability(token));
const likeliestOf = (row: Float32Array, prediction: Prediction | undefined) => new NextToken(row, prediction).likeliest;

describe("the likeliest next token", () => {
  it("is the one that costs the fewest bits", () => {
    fc.assert(
      fc.property(logits, matches, matches, (row, repository, live) => {
        const prediction = predictFrom(repository, live);
        const bits = (token: number) => bitsMixed(row, prediction, token);
        const least = Math.min(...Array.from({ length: VOCAB_SIZE }, (_, token) => bits(token)));
        assert.ok(bits(likeliestOf(row, prediction)) < least + 1e-9);
      }),
    );
  });

  it("is the model's choice where memory has nothing to say", () => {
    fc.assert(fc.property(logits, (row) => likeliestOf(row, undefined) === greedy(row)));
  });

  it("leaves a model alone that is rather sure, unless the match is long", () => {
    const sure = Float32Array.from(flat);
    sure[3] = 4;
    const pick = (length: number) => likeliestOf(sure, predictFrom([{ token: 5, length }], []));
    assert.equal(pick(5), 3);
    assert.equal(pick(16), 5);
  });

  it("believes long matches that agree, and not one short one, over a model that does not know", () => {
    const unsure = Float32Array.from(flat);
    unsure[3] = 1;
    const pick = (found: { token: number; length: number }[]) => likeliestOf(unsure, predictFrom(found, []));
    assert.equal(pick([16, 16, 12].map((length) => ({ token: 5, length }))), 5);
    assert.equal(pick([0, 1, 2, 4, 6, 7].map((token) => ({ token, length: 1 }))), 3);
  });
});

describe("the probabilities of the next token", () => {
  it("are the same to the bit, whether they served to choose or not", () => {
    fc.assert(
      fc.property(logits, matches, matches, (row, repository, live) => {
        const prediction = predictFrom(repository, live);
        const [chosen, fresh] = [new NextToken(row, prediction), new NextToken(row, prediction)];
        const { likeliest } = chosen;
        for (let token = 0; token < VOCAB_SIZE; token++) {
          assert.equal(chosen.probability(token), fresh.probability(token));
        }
        assert.equal(likeliest, fresh.likeliest);
      }),
    );
  });

  it("take no more looks at the logits than those they are asked for, once they served to choose", () => {
    let looks = 0;
    const row = new Proxy(
      Float32Array.from({ length: 1000 }, (_, token) => -token),
      {
        get: (target, key) => {
          if (key !== "length") looks++;
          return Reflect.get(target, key);
        },
      },
    );
    const next = new NextToken(row, predictFrom([{ token: 5, length: 9 }], []));
    assert.equal(next.likeliest, 0);
    looks = 0;
    next.probability(7);
    assert.equal(looks, 1);
  });

  it("sum to one", () => {
    fc.assert(
      fc.property(logits, matches, matches, (row, repository, live) => {
        const { probability } = new NextToken(row, predictFrom(repository, live));
        assertClose(
          [...row.keys()].reduce((sum, token) => sum + probability(token), 0),
          1,
          1e-6,
          "the sum",
        );
      }),
    );
  });

  it("are the model's own where memory has nothing to say", () => {
    fc.assert(
      fc.property(logits, fc.nat(VOCAB_SIZE - 1), (row, token) => {
        assertClose(bitsMixed(row, undefined, token), bitsOf(row, token), 1e-6, `bits of token ${token}`);
      }),
    );
  });
});

describe("predictFrom", () => {
  it("counts the longest matches and sums the votes to one", () => {
    const prediction = predictFrom(
      [
        { token: 4, length: 9 },
        { token: 4, length: 2 },
        { token: 5, length: 9 },
      ],
      [{ token: 6, length: 3 }],
    )!;
    assert.equal(prediction.matches, 2);
    assert.deepEqual(
      prediction.continuations.slice(0, 2).map(({ token }) => token),
      [4, 5],
    );
    const sum = prediction.continuations.reduce((sum, { weight }) => sum + weight, 0);
    assertClose(sum, 1, 1e-9, "the sum");
  });

  it("does not depend on the order of the matches", () => {
    fc.assert(
      fc.property(matches, matches, (repository, live) => {
        const there = predictFrom(repository, live)?.continuations ?? [];
        const back = predictFrom(repository.toReversed(), live.toReversed())?.continuations ?? [];
        assert.equal(there.length, back.length);
        for (const { token, weight } of there) {
          assertClose(back.find((one) => one.token === token)?.weight, weight, 1e-9, `the weight of token ${token}`);
        }
      }),
    );
  });
});
