import assert from "node:assert/strict";
import type { Completer } from "../../../../src/engine/completion/completer";
import { CompleterCache } from "../../../../src/engine/completion/completerCache";

function setUp() {
  const made: string[] = [];
  const shrunk: string[] = [];
  const closed: string[] = [];
  const cache = new CompleterCache((uri) => {
    made.push(uri);
    return { shrink: () => shrunk.push(uri), close: () => closed.push(uri) } as unknown as Completer;
  });
  return { cache, made, shrunk, closed };
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

  it("forgets a document that is closed", () => {
    const { cache, made, shrunk } = setUp();
    cache.of("a");
    cache.forget("a");
    for (const uri of ["b", "a"]) cache.of(uri);
    assert.deepEqual([made, shrunk], [["a", "b", "a"], ["b"]]);
  });
});
