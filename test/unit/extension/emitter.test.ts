import assert from "node:assert/strict";
import { Emitter } from "../../../src/extension/emitter";
import { settled } from "../../support/fakeClock";

describe("Emitter", () => {
  it("tells each value to who listens by then, also where one of them stops listening meanwhile", () => {
    const emitter = new Emitter<number>();
    const told: string[] = [];
    const stop = emitter.on((value) => {
      told.push(`a${value}`);
      stop();
    });
    emitter.on((value) => told.push(`b${value}`));
    emitter.fire(1);
    emitter.fire(2);
    assert.deepEqual(told, ["a1", "b1", "b2"]);
  });

  it("is waited for until what is waited for is there, also before, or until nobody waits any more", async () => {
    const emitter = new Emitter<void>();
    const giveUp = new AbortController();
    const told: string[] = [];
    let isDone = false;
    const wait = (name: string, signal?: AbortSignal) =>
      void emitter.until(() => isDone, signal).then(() => told.push(name));
    wait("one");
    wait("two", giveUp.signal);
    wait("three", AbortSignal.abort());
    emitter.fire();
    await settled();
    assert.deepEqual(told, ["three"]);
    giveUp.abort();
    await settled();
    assert.deepEqual(told, ["three", "two"]);
    isDone = true;
    wait("four");
    await settled();
    assert.deepEqual(told, ["three", "two", "four"]);
    emitter.fire();
    await settled();
    assert.deepEqual(told, ["three", "two", "four", "one"]);
  });
});
