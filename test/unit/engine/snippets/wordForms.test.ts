import assert from "node:assert/strict";
import { formsOf, stemOf } from "../../../../src/engine/snippets/wordForms";

describe("a word of a question", () => {
  for (const [asked, written] of [
    ["retries", "retried"],
    ["retrying", "retry"],
    ["written", "write"],
    ["sent", "sends"],
    ["stopped", "stop"],
    ["stop", "stopping"],
    ["cached", "caching"],
    ["searches", "searched"],
    ["compressed", "compression"],
    ["verified", "verification"],
    ["generated", "generator"],
    ["connection", "connected"],
    ["watched", "watcher"],
  ] as const) {
    it(`"${asked}" finds "${written}"`, () => assert.ok(formsOf(asked).has(written)));
  }

  for (const [one, other] of [
    ["process", "proces"],
    ["string", "str"],
    ["status", "stat"],
    ["need", "ne"],
    ["bus", "bu"],
  ] as const) {
    it(`"${one}" is no form of "${other}"`, () => assert.notEqual(stemOf(one), stemOf(other)));
  }

  it("finds itself, also where no rule of English holds", () => {
    for (const word of ["retry", "utf8", "parse_line", "Größe", "ID"]) {
      assert.ok(formsOf(word).has(word), word);
    }
  });

  it("of the same stem is asked for once", () => {
    for (const word of ["retries", "retried", "retrying", "Retry"]) assert.equal(stemOf(word), stemOf("retry"));
  });
});
