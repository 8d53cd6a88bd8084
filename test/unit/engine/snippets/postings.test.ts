// The inverted index against a slow, obvious twin.

import assert from "node:assert/strict";
import * as fc from "fast-check";
import { Postings } from "../../../../src/engine/snippets/postings";

describe("postings", () => {
  it("hold what was added and not removed, across sweeps and between their steps", () => {
    const counts = fc.dictionary(fc.constantFrom("0", "1", "2", "3", "4"), fc.integer({ min: 1, max: 30 }));
    const step = fc.oneof(fc.record({ add: counts }), fc.record({ remove: fc.nat() }), fc.constant("sweep" as const));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.constantFrom(1, 3, 1000), (steps, sweptAtOnce) => {
        const postings = new Postings(3, sweptAtOnce);
        const twin = new Map<number, Map<number, number>>();
        for (const one of steps) {
          if (one === "sweep") postings.sweepOn();
          else if ("add" in one) {
            const counts = new Map(Object.entries(one.add).map(([term, count]) => [Number(term), count]));
            const item = postings.add(counts);
            assert.equal(twin.has(item), false, "a number is given twice");
            twin.set(item, counts);
          } else if (twin.size > 0) {
            const item = [...twin.keys()][one.remove % twin.size]!;
            postings.remove(item, twin.get(item)!.keys());
            twin.delete(item);
          }
          for (let term = 0; term < 5; term++) check(postings, twin, term);
        }
      }),
    );
  });

  for (const sweptAtOnce of [1, 1000]) {
    it(`use the numbers and the room of removed items again, also where more die in each step than it would sweep (${sweptAtOnce} at once)`, () => {
      const postings = new Postings(3, sweptAtOnce);
      const terms = new Map(Array.from({ length: 300 }, (_, term) => [term, 1]));
      const before = process.memoryUsage().arrayBuffers;
      for (let round = 0; round < 1_000; round++) {
        postings.remove(postings.add(terms), terms.keys());
        postings.sweepOn();
      }
      const grown = process.memoryUsage().arrayBuffers - before;
      assert.ok(postings.itemLimit < 100, `${postings.itemLimit} numbers`);
      assert.ok(grown < 500_000, `${grown} bytes`);
    });
  }

  it("take no room for terms that come and go, such as names that a program makes up each time", () => {
    const postings = new Postings(3);
    postings.add(new Map([[0, 1]]));
    const before = process.memoryUsage().arrayBuffers;
    for (let round = 1; round <= 1_000; round++) {
      const terms = new Map(Array.from({ length: 300 }, (_, n) => [300 * round + n, 1]));
      postings.remove(postings.add(terms), terms.keys());
      postings.sweepOn();
    }
    const grown = process.memoryUsage().arrayBuffers - before;
    assert.equal(postings.frequency(0), 1);
    assert.ok(grown < 500_000, `${grown} bytes`);
  });

  for (const fewestToSweep of [3, 1_000_000]) {
    it(`take no room for removed items, swept or not (from ${fewestToSweep} on)`, () => {
      const postings = new Postings(fewestToSweep);
      const documents = Array.from(
        { length: 1000 },
        (_, n) => new Map([1, 1000 + n, 2000 + n].map((term) => [term, 1])),
      );
      const items = documents.map((terms) => postings.add(terms));
      const full = postings.bytes;
      for (const [n, terms] of documents.slice(500).entries()) postings.remove(items[500 + n]!, terms.keys());
      assert.ok(postings.bytes < 0.51 * full, `${postings.bytes} of ${full} bytes`);
      for (const [n, terms] of documents.slice(0, 500).entries()) postings.remove(items[n]!, terms.keys());
      assert.equal(postings.bytes, 0);
    });
  }
});

function check(postings: Postings, twin: ReadonlyMap<number, ReadonlyMap<number, number>>, term: number): void {
  const found = new Map<number, number>();
  postings.forEach(term, (item, count) => found.set(item, count));
  const expected = new Map<number, number>();
  for (const [item, counts] of twin) {
    const count = counts.get(term);
    if (count !== undefined) expected.set(item, Math.min(count, 15)); // four bits are kept
  }
  assert.deepEqual(
    [...found].sort((a, b) => a[0] - b[0]),
    [...expected].sort((a, b) => a[0] - b[0]),
  );
  assert.equal(postings.frequency(term), expected.size);
}
