import assert from "node:assert/strict";
import { SourceChoices } from "../../../../src/extension/repository/sourceChoices";
import type { Store } from "../../../../src/extension/store";
import type { ContextSource, HostMessage } from "../../../../src/protocol/engine";
import { fakeStore } from "../../../support/fakeStore";

function choicesIn(store: Store) {
  const sent: HostMessage[] = [];
  return { choices: new SourceChoices(store, (message) => sent.push(message) > 0, assert.fail), sent };
}

const file: ContextSource = { kind: "file", folder: "/w", path: "a.ts" };
const otherFile: ContextSource = { kind: "file", folder: "/w", path: "b.ts" };
const off = (source: ContextSource): HostMessage => ({ type: "useSource", source, isEnabled: false });

describe("SourceChoices", () => {
  it("tells the engine at once, and the next engine what is off", () => {
    const store = fakeStore();
    const { choices, sent } = choicesIn(store);
    const toldBefore: number[] = [];
    choices.onChange.on(() => toldBefore.push(sent.length));
    for (const source of [{ kind: "snippets" }, file, otherFile] as const) choices.use(source, false);
    choices.use({ ...otherFile }, true);
    assert.deepEqual(sent.slice(1), [off(file), off(otherFile), { ...off(otherFile), isEnabled: true }]);
    assert.deepEqual(toldBefore, [1, 2, 3, 4], "the engine is told before others");

    const { choices: next } = choicesIn(store);
    assert.deepEqual(next.switchedOff, [{ kind: "snippets" }, file]);
    const enabled = [{ kind: "trunk" }, { kind: "snippets" }, { ...file }, otherFile] as const;
    assert.deepEqual(
      enabled.map((source) => next.isEnabled(source)),
      [true, false, false, true],
    );
  });

  it("knows a file by each of the folders within each other that have it", () => {
    const { choices } = choicesIn(fakeStore());
    const inOuter: ContextSource = { kind: "file", folder: "/", path: "w/a.ts" };
    choices.use(file, false);
    assert.ok(!choices.isEnabled(inOuter));
    choices.use(inOuter, true);
    assert.deepEqual(choices.switchedOff, []);
  });

  it("is empty at first, and not troubled by what another version has stored", () => {
    for (const value of [undefined, "x", [1, null, { kind: "file", folder: 1 }, { kind: "clipboard" }]]) {
      const store = { ...fakeStore(), get: () => value };
      assert.deepEqual(choicesIn(store).choices.switchedOff, []);
    }
  });

  it("tells the user where VS Code does not keep what is off, which the engine is told all the same", async () => {
    const [sent, told]: [HostMessage[], string[]] = [[], []];
    const store = { get: () => undefined, update: () => Promise.reject(new Error("No room.")) };
    const choices = new SourceChoices(
      store,
      (message) => sent.push(message) > 0,
      (sentence) => told.push(sentence),
    );
    choices.use(file, false);
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(sent, [off(file)]);
    assert.match(told.join("\n"), /lost on reload.*: No room\.$/);
  });
});
