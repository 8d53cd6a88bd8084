import "../../../support/fakeVscode"; // Before what imports `vscode`.

import assert from "node:assert/strict";
import { AddressSecrets } from "../../../../src/extension/secrets/addressSecrets";
import { fakeSecrets } from "../../../support/fakeSecrets";

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

  it("is kept apart from those of another kind for the same address", async () => {
    const store = fakeSecrets();
    const [keys, tokens] = ["griffin.key", "griffin.token"].map(
      (prefix) => new AddressSecrets(store, { prefix, question }),
    );
    await keys!.set("https://one.example", "sk-1");
    assert.equal(await tokens!.get("https://one.example"), undefined);
  });
});
