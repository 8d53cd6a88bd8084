import "../../../support/fakeVscode"; // Before what imports `vscode`.

import assert from "node:assert/strict";
import type * as vscode from "vscode";
import { AddressSecrets } from "../../../../src/extension/secrets/addressSecrets";
import { fakeSecrets } from "../../../support/fakeSecrets";
import { FakeWindow, FakeWorkspace } from "../../../support/fakeVscode";

const question = () => ({ title: "Key", prompt: "The key." });

describe("a secret", () => {
  it("is found for its address, and for no other", async () => {
    const secrets = new AddressSecrets(fakeSecrets(), { prefix: "griffin.key", question });
    await secrets.set("https://one.example/v1", " sk-1 ");
    await secrets.set("http://localhost:8000", "sk-2");
    assert.equal(await secrets.get("https://one.example/v1"), "sk-1");
    assert.equal(await secrets.get("http://localhost:8000"), "sk-2");
    for (const other of [
      "https://two.example/v1",
      "http://one.example/v1",
      "https://one.example/v2",
      "https://one.example",
    ])
      assert.equal(await secrets.get(other), undefined, other);
  });

  it("is forgotten when an empty one is set, and others stay", async () => {
    const secrets = new AddressSecrets(fakeSecrets(), { prefix: "griffin.key", question });
    await secrets.set("https://one.example", "sk-1");
    await secrets.set("https://two.example", "sk-2");
    await secrets.set("https://one.example", " ");
    assert.equal(await secrets.get("https://one.example"), undefined);
    assert.equal(await secrets.get("https://two.example"), "sk-2");
  });

  it("that is kept is not removed without a word by whoever enters nothing", async () => {
    new FakeWorkspace();
    const window = new FakeWindow();
    const secrets = new AddressSecrets(fakeSecrets(), { prefix: "griffin.key", question });
    const check = async (entered: string | undefined, placeHolder: string | undefined, said: readonly string[]) => {
      const asked: vscode.InputBoxOptions[] = [];
      const showInputBox = async (options: vscode.InputBoxOptions) => {
        asked.push(options);
        return entered;
      };
      Object.assign(window, { showInputBox });
      await secrets.ask("https://one.example");
      assert.equal(asked[0]!.placeHolder, placeHolder);
      assert.deepEqual(
        window.messages.splice(0).map(({ text }) => text),
        said,
      );
    };
    const kept = "One is kept. Empty removes it; Escape keeps it.";
    await check("", undefined, []);
    await check(" sk-1 ", undefined, ["Griffin: Key: kept."]);
    await check(undefined, kept, []);
    assert.equal(await secrets.get("https://one.example"), "sk-1");
    await check("", kept, ["Griffin: Key: removed."]);
    await check(undefined, undefined, []);
  });

  it("is kept apart from those of another kind for the same address", async () => {
    const store = fakeSecrets();
    const [keys, tokens] = ["griffin.key", "griffin.token"].map(
      (prefix) => new AddressSecrets(store, { prefix, question }),
    );
    await keys!.set("https://one.example", "sk-1");
    assert.equal(await tokens!.get("https://one.example"), undefined);
  });
});
