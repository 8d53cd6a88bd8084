import assert from "node:assert/strict";
import { isCount, isObject, objectOf, parseJson } from "../../../src/text/json";

describe("JSON from elsewhere", () => {
  it("is undefined when it is none", () => {
    assert.deepEqual(parseJson('{"a":[1]}'), { a: [1] });
    assert.equal(parseJson('{"a":'), undefined);
  });

  it("tells what has keys: no list, and not null", () => {
    assert.ok(isObject({}));
    for (const value of [[], null, undefined, "a", 1]) assert.ok(!isObject(value), JSON.stringify(value));
    assert.deepEqual(objectOf({ a: 1 }), { a: 1 });
    assert.deepEqual(objectOf([1]), {});
  });

  it("tells what counts something", () => {
    for (const value of [0, 1, Number.MAX_SAFE_INTEGER]) assert.ok(isCount(value), String(value));
    for (const value of [-1, 0.5, 2 ** 53, Number.NaN, "1", null]) assert.ok(!isCount(value), String(value));
  });
});
