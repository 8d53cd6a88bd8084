import assert from "node:assert/strict";
import type { Completer } from "../../../../src/engine/completion/completer";
import { CompleterCache } from "../../../../src/engine/completion/completerCache";
import type { State } from "../../../../src/engine/model/state";

/** A state of so many numbers, which take four bytes each. */
function stateOf(numbers: number): State {
  const layer = { kind: "recurrent", rgLruState: new Float32Array(numbers), conv1dState: new Float32Array(0) } as const;
  return { position: 1, layers: [layer] };
}

/**
 * @param placesOf when each place of a document was in use, the oldest first; with a `*` where somebody has completed. Each takes
 * four bytes.
 */
function setUp(placesOf: Record<string, string> = {}, mostBytes = 12) {
  const left: string[] = [];
  const made: string[] = [];
  const shrunk: string[] = [];
  const cache = new CompleterCache((uri) => {
    made.push(uri);
    const named = () => (placesOf[uri] ?? "").split(" ").filter((name) => name !== "");
    const places = {
      get oldestFirst() {
        return named().map((name) => ({ name, usedAt: Number.parseInt(name, 10), isCompletedIn: name.endsWith("*") }));
      },
      get states() {
        return named().map(() => stateOf(1));
      },
      leave({ name }: { readonly name: string }) {
        left.push(`${uri}${name}`);
        placesOf[uri] = named()
          .filter((one) => one !== name)
          .join(" ");
      },
    };
    return { shrink: () => shrunk.push(uri), places } as unknown as Completer;
  }, mostBytes);
  return { cache, left, made, shrunk };
}

describe("CompleterCache", () => {
  it("keeps what was read in however many documents, as long as there is room", () => {
    const { cache, left, made } = setUp({ a: "1*", b: "2*", c: "3*", d: "4*", e: "5*", f: "6" }, 24);
    for (const uri of ["a", "b", "c", "d", "e"]) cache.of(uri);
    cache.toReadAhead("f");
    made.length = 0;
    for (const uri of ["a", "b", "c", "d", "e", "f"]) cache.of(uri);
    assert.deepEqual([made, left], [[], []]);
  });

  it("gives back what only makes going back quick, once another document is completed in", () => {
    const { cache, shrunk } = setUp();
    for (const uri of ["a", "a", "b", "a"]) cache.of(uri);
    assert.deepEqual(shrunk, ["a", "b"]);
  });

  it("leaves whole what was completed in last, however many others are looked at", () => {
    const { cache, shrunk } = setUp();
    for (const uri of ["a", "b"]) cache.of(uri);
    for (const uri of ["1", "2", "b", "3"]) cache.toReadAhead(uri);
    assert.deepEqual(shrunk, ["a", "1", "2"]);
    for (const uri of ["a", "3"]) cache.of(uri);
    assert.deepEqual(shrunk.slice(3), ["3", "b", "a"]);
  });

  it("gives up the places where nobody was for longest, once all take too much", () => {
    const placesOf: Record<string, string> = {};
    const { cache, left } = setUp(placesOf);
    for (const uri of ["a", "b", "c"]) cache.of(uri);
    Object.assign(placesOf, { a: "1* 4*", b: "2* 3* 6*", c: "5* 7*" });
    cache.of("c");
    assert.deepEqual(left, [], "not at a key");
    for (let rest = 0; rest < 2; rest++) {
      cache.toReadAhead("c");
      assert.deepEqual(left, ["a1*", "b2*", "b3*", "a4*"]);
    }
  });

  it("gives them up also where nobody ever rests, as soon as another document is completed in", () => {
    const { cache, left } = setUp({ a: "1*", b: "2*", c: "3*", d: "4*", e: "" });
    for (const uri of ["a", "b", "c", "d"]) cache.of(uri);
    cache.of("e");
    assert.deepEqual(left, ["a1*"]);
  });

  it("gives up what was only looked at first, in whichever document", () => {
    const { cache, left } = setUp({ a: "1* 3 5*", b: "2 4* 6" });
    cache.of("a");
    cache.toReadAhead("b");
    assert.deepEqual(left, ["b2", "a3", "a1*"]);
  });

  it("never gives up the place in use, nor the last one where somebody is writing", () => {
    const { cache, left } = setUp({ a: "1* 2*", b: "3 4" }, 0);
    cache.of("a");
    cache.toReadAhead("b");
    assert.deepEqual(left, ["a1*", "b3"]);
  });

  it("forgets a document that is closed", () => {
    const { cache, made, shrunk } = setUp();
    cache.of("a");
    cache.forget("a");
    for (const uri of ["b", "a"]) cache.of(uri);
    assert.deepEqual([made, shrunk], [["a", "b", "a"], ["b"]]);
  });
});
