import assert from "node:assert/strict";
import type { Completer } from "../../../../src/engine/completion/completer";
import { CompleterCache } from "../../../../src/engine/completion/completerCache";
import type { Place } from "../../../../src/engine/completion/place";
import type { State } from "../../../../src/engine/model/state";

/** A state of so many numbers, which take four bytes each. */
function stateOf(numbers: number): State {
  const layer = { kind: "recurrent", rgLruState: new Float32Array(numbers), conv1dState: new Float32Array(0) } as const;
  return { position: 1, layers: [layer] };
}

function setUp() {
  const made: string[] = [];
  const shrunk: string[] = [];
  const closed: string[] = [];
  const cache = new CompleterCache((uri) => {
    made.push(uri);
    const places = { states: [], oldestFirst: [] };
    return { shrink: () => shrunk.push(uri), close: () => closed.push(uri), places } as unknown as Completer;
  });
  return { cache, made, shrunk, closed };
}

/** @param usedAt when each place of a document was in use, the oldest first. Each takes four bytes. */
function withPlaces(usedAt: Readonly<Record<string, readonly number[]>>, mostBytes = 12) {
  const left: string[] = [];
  const cache = new CompleterCache((uri) => {
    let oldestFirst = usedAt[uri]!.map((time) => ({ usedAt: time, states: [stateOf(1)] }));
    const places = {
      get oldestFirst() {
        return oldestFirst;
      },
      get states() {
        return oldestFirst.flatMap(({ states }) => states);
      },
      leave: (place: Place) => {
        left.push(`${uri}${place.usedAt}`);
        oldestFirst = oldestFirst.filter((one) => one.usedAt !== place.usedAt);
      },
    };
    return { shrink() {}, close() {}, places } as unknown as Completer;
  }, mostBytes);
  return { cache, left };
}

describe("CompleterCache", () => {
  it("keeps the states of the documents that were completed in last", () => {
    const { cache, made, closed } = setUp();
    for (const uri of ["a", "b", "c", "d", "a", "e"]) cache.of(uri);
    assert.deepEqual(closed, ["b"]);
    made.length = 0;
    for (const uri of ["a", "c", "d", "e", "b"]) cache.of(uri);
    assert.deepEqual(made, ["b"]);
  });

  it("gives back what only makes going back quick, once another document is completed in", () => {
    const { cache, shrunk } = setUp();
    for (const uri of ["a", "a", "b", "a"]) cache.of(uri);
    assert.deepEqual(shrunk, ["a", "b"]);
  });

  it("keeps the documents that were completed in, however many others are looked at", () => {
    const { cache, made, shrunk, closed } = setUp();
    for (const uri of ["a", "b"]) cache.of(uri);
    for (const uri of ["1", "2", "3", "4", "b", "5"]) cache.toReadAhead(uri);
    assert.deepEqual(closed, ["1", "2", "3"]);
    assert.deepEqual(shrunk, ["a", "1", "2", "3", "4"]);
    made.length = 0;
    for (const uri of ["a", "b", "5"]) cache.of(uri);
    assert.deepEqual(made, []);
    assert.deepEqual(shrunk.slice(5), ["5", "b", "a", "b"]);
  });

  it("drops a document that was completed in where all were, and another is looked at", () => {
    const { cache, closed } = setUp();
    for (const uri of ["a", "b", "c", "d"]) cache.of(uri);
    for (const uri of ["1", "2"]) cache.toReadAhead(uri);
    assert.deepEqual(closed, ["a", "1"]);
  });

  it("gives up the places where nobody was for longest, once all take too much", () => {
    const { cache, left } = withPlaces({ a: [1, 4], b: [2, 3, 6], c: [5, 7] });
    for (const uri of ["a", "b", "c"]) cache.of(uri);
    assert.deepEqual(left, [], "not while somebody waits");
    cache.toReadAhead("c");
    assert.deepEqual(left, ["a1", "b2", "b3", "a4"]);
    cache.toReadAhead("c");
    assert.equal(left.length, 4);
  });

  it("gives up what was only looked at first, and never the last place where somebody is writing", () => {
    const { cache, left } = withPlaces({ a: [1, 2], b: [3, 4, 5, 6] });
    cache.of("a");
    cache.toReadAhead("b");
    assert.deepEqual(left, ["b3", "b4", "b5"]);

    const large = withPlaces({ a: [1, 2], b: [3, 4] }, 0);
    large.cache.of("a");
    large.cache.toReadAhead("b");
    assert.deepEqual(large.left, ["b3", "a1"]);
  });

  it("never gives up the place in use", () => {
    const oldestFirst = [{ usedAt: 1, states: [stateOf(100)] }];
    const places = { oldestFirst, states: oldestFirst[0]!.states, leave: () => assert.fail() };
    const cache = new CompleterCache(() => ({ places, shrink() {} }) as unknown as Completer, 12);
    cache.toReadAhead("a");
  });

  it("forgets a document that is closed", () => {
    const { cache, made, shrunk } = setUp();
    cache.of("a");
    cache.forget("a");
    for (const uri of ["b", "a"]) cache.of(uri);
    assert.deepEqual([made, shrunk], [["a", "b", "a"], ["b"]]);
  });
});
