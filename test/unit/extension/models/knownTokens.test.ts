import assert from "node:assert/strict";
import { knownTokens } from "../../../../src/extension/models/knownTokens";

describe("the tokens of an installation", () => {
  const read = async (address: string) => `of ${address}`;

  it("are those of the endpoint and of the hub, and no others", async () => {
    const tokenOf = await knownTokens("https://mirror.example/hub", read);
    assert.equal(tokenOf("https://mirror.example"), "of https://mirror.example");
    assert.equal(tokenOf("https://huggingface.co"), "of https://huggingface.co");
    assert.equal(tokenOf("http://mirror.example"), undefined);
  });

  it("cannot be read from a store for secrets that fails, which is said", async () => {
    await assert.rejects(
      knownTokens("https://huggingface.co", () => Promise.reject(new Error("Cannot get password"))),
      /^Fault: Your access tokens cannot be read from your system's store for secrets \(Cannot get password\)\. Unlock/,
    );
  });
});
