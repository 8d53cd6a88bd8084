import assert from "node:assert/strict";
import fc from "fast-check";
import { bitsOf, greedy, likeliest, logProbabilities, probabilities } from "../../../../src/engine/decoding/logits";
import { assertClose } from "../../../support/assertClose";

const logits = Float32Array.of(0, 3, 1, 3, 2);

describe("greedy", () => {
  it("picks the likeliest token, the lowest id among equals", () => {
    assert.equal(greedy(logits), 1);
  });
});

describe("likeliest", () => {
  it("names the likeliest first, the lowest id among equals", () => {
    assert.deepEqual(likeliest(logits, 4), [1, 3, 4, 2]);
  });

  it("names only what is allowed, in the order given among equals", () => {
    assert.deepEqual(likeliest(logits, 4, [0, 3, 1]), [3, 1, 0]);
  });

  it("leaves out what is to be left out, as if all were sorted first", () => {
    const rows = fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 1, maxLength: 24 });
    fc.assert(
      fc.property(rows, fc.uniqueArray(fc.nat(23)), fc.integer({ min: 1, max: 5 }), (values, without, count) => {
        const row = Float32Array.from(values);
        const sorted = likeliest(row, row.length).filter((id) => !without.includes(id));
        assert.deepEqual(
          likeliest(row, count, undefined, (id) => without.includes(id)),
          sorted.slice(0, count),
        );
      }),
    );
  });

  it("asks only of the few that would be among them whether they are left out", () => {
    let asked = 0;
    const falling = Float32Array.from({ length: 1000 }, (_, id) => -id);
    assert.deepEqual(
      likeliest(falling, 3, undefined, (id) => {
        asked++;
        return id === 1;
      }),
      [0, 2, 3],
    );
    assert.equal(asked, 4);
  });
});

describe("logProbabilities", () => {
  for (const below of [18, 19.9, 20.1, 25, 30]) {
    it(`are those of all tokens, within 1e-4, also where nearly all are ${below} nats less likely`, () => {
      const row = new Float32Array(49_152).fill(-below);
      row[7] = 0;
      const exact = -Math.log(1 + (row.length - 1) * Math.exp(-Math.fround(below)));
      const { highest, of } = logProbabilities(row);
      assertClose(highest, exact, 1.1e-4, "the highest");
      assertClose(of(0), exact - below, 1.1e-4, "another");
    });
  }

  it("are the same for who knows the likeliest token, and no numbers where a logit is none", () => {
    assert.equal(logProbabilities(logits, greedy(logits)).of(2), logProbabilities(logits).of(2));
    for (const at of [0, 2]) {
      const row = Float32Array.from(logits);
      row[at] = Number.NaN;
      assert.ok(Number.isNaN(logProbabilities(row).of(1)));
    }
  });
});

describe("probabilities", () => {
  it("are in proportion to the logits' exponentials, and sum to 1", () => {
    const probability = probabilities(logits);
    const of = [...logits.keys()].map(probability);
    assertClose(of[1]! / of[4]!, Math.E, 1e-6, "the proportion");
    const sum = of.reduce((sum, one) => sum + one, 0);
    assertClose(sum, 1, 1e-6, "the sum");
  });
});

describe("bitsOf", () => {
  it("is the information of a token in bits", () => {
    assertClose(bitsOf(Float32Array.of(0, 0, 0, 0), 2), 2, 1e-6, "one of four");
    assertClose(bitsOf(Float32Array.of(1000, 0), 1), 1000 / Math.LN2, 1e-3, "the unlikely one of two");
  });
});
