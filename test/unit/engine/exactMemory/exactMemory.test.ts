import assert from "node:assert/strict";
import fc from "fast-check";
import { ExactMemory } from "../../../../src/engine/exactMemory/exactMemory";
import { type Match, MOST_MATCHES, matchesInTokens } from "../../../../src/engine/exactMemory/matches";
import { LONGEST_MATCH } from "../../../../src/engine/exactMemory/segment";

type Step =
  | { readonly type: "set"; readonly key: string; readonly tokens: number[] }
  | { readonly type: "remove"; readonly key: string }
  | { readonly type: "work"; readonly steps: number };

const key = fc.constantFrom("a", "b", "c", "d", "e");
const tokens = fc.array(fc.nat(2), { maxLength: 60 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ type: fc.constant("set" as const), key, tokens }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("remove" as const), key }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant("work" as const), steps: fc.integer({ min: 1, max: 200 }) }) },
);

/** The slow twin: looks at every place of every document. */
function everyMatch(documents: Iterable<readonly number[]>, context: readonly number[]): Match[] {
  const matches: Match[] = [];
  for (const document of documents) {
    for (let place = 1; place < document.length; place++) {
      let length = 0;
      while (
        length < Math.min(LONGEST_MATCH, place, context.length) &&
        document[place - 1 - length] === context[context.length - 1 - length]
      )
        length++;
      if (length > 0) matches.push({ token: document[place]!, length });
    }
  }
  return matches;
}

/** The longest lengths, and the tokens that follow the matches longer than the shortest of these: no tie decides here. */
function best(matches: readonly Match[]) {
  const sorted = [...matches].sort((a, b) => b.length - a.length || a.token - b.token);
  const kept = sorted.slice(0, MOST_MATCHES);
  const shortest = sorted.length > MOST_MATCHES ? kept.at(-1)!.length : 0;
  return { lengths: kept.map(({ length }) => length), certain: kept.filter(({ length }) => length > shortest) };
}

function finished(documents: Readonly<Record<string, readonly number[]>>): ExactMemory {
  const memory = new ExactMemory();
  for (const [name, document] of Object.entries(documents)) memory.setDocument(name, document);
  while (memory.work());
  return memory;
}

describe("ExactMemory", () => {
  it("finds the longest matches, whatever was set, replaced and removed before", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), tokens, key, (steps, context, excluded) => {
        const memory = new ExactMemory();
        const documents = new Map<string, number[]>();
        for (const one of steps) {
          if (one.type === "work") memory.work(one.steps);
          else if (one.type === "remove") {
            memory.removeDocument(one.key);
            documents.delete(one.key);
          } else {
            memory.setDocument(one.key, one.tokens);
            documents.set(one.key, one.tokens);
          }
        }
        while (memory.work());
        assert.deepEqual(best(memory.matches(context)), best(everyMatch(documents.values(), context)));
        const sizes = [...documents.values()].map(({ length }) => length).filter((length) => length > 1);
        assert.equal(memory.documentCount, sizes.length);
        assert.equal(
          memory.tokenCount,
          sizes.reduce((sum, length) => sum + length, 0),
        );
        documents.delete(excluded);
        assert.deepEqual(best(memory.matches(context, excluded)), best(everyMatch(documents.values(), context)));
      }),
      { numRuns: 200 },
    );
  });

  it("never finds what was removed, even before the work is done", () => {
    const memory = finished({ a: [1, 2, 3], b: [1, 2, 4] });
    memory.removeDocument("a");
    memory.setDocument("b", [1, 2, 5]);
    assert.deepEqual(memory.matches([1, 2]), []);
    while (memory.work());
    assert.deepEqual(memory.matches([1, 2]), [{ token: 5, length: 2 }]);
  });

  it("does not read on from one document into the next", () => {
    const memory = finished({ a: [8, 1, 2], b: [3, 4], c: [9, 9] });
    assert.deepEqual(memory.matches([1, 2]), []);
    assert.deepEqual(memory.matches([2, 3]), [{ token: 4, length: 1 }]);
  });

  it("compares up to its longest match, and no further", () => {
    const run = Array.from({ length: 2 * LONGEST_MATCH }, (_, i) => i);
    assert.deepEqual(finished({ a: [...run, 99] }).matches(run), [{ token: 99, length: LONGEST_MATCH }]);
  });

  it("does a little at a time", () => {
    const memory = new ExactMemory();
    for (let i = 0; i < 20; i++) memory.setDocument(`d${i}`, randomTokens(2_000, i));
    let calls = 0;
    while (memory.work(1_000)) calls++;
    assert.ok(calls > 200, `${calls} calls`);
  });

  it("takes about 8 bytes a token, and gives back what was replaced", () => {
    const memory = new ExactMemory();
    for (let round = 0; round < 5; round++) {
      for (let i = 0; i < 20; i++) memory.setDocument(`d${i}`, randomTokens(3_000, round * 20 + i));
      while (memory.work());
    }
    assert.equal(memory.tokenCount, 60_000);
    assert.equal(memory.documentCount, 20);
    assert.ok(memory.bytes < 12 * 60_000, `${memory.bytes} bytes`);
    for (let i = 0; i < 20; i++) memory.removeDocument(`d${i}`);
    while (memory.work());
    assert.equal(memory.bytes, 0);
  });
});

describe("matchesInTokens", () => {
  it("finds the longest matches in other tokens", () => {
    fc.assert(
      fc.property(tokens, tokens, (other, context) => {
        const found = matchesInTokens(other, context);
        assert.deepEqual(best(found), best(everyMatch([other], context)));
        assert.ok(found.length <= MOST_MATCHES);
      }),
    );
  });

  it("takes the latest among equals", () => {
    const other = Array.from({ length: 100 }, (_, i) => [7, i + 10]).flat();
    assert.deepEqual(
      matchesInTokens(other, [7]).map(({ token }) => token),
      Array.from({ length: MOST_MATCHES }, (_, i) => 109 - i),
    );
  });
});

function randomTokens(count: number, seed: number): number[] {
  let state = seed * 7919 + 1;
  return Array.from({ length: count }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return state % 300;
  });
}
