import assert from "node:assert/strict";
import { keptAddress, remoteMachineOf } from "../../../../src/extension/secrets/keptAddress";

describe("what consents and secrets are kept for", () => {
  it("is the address, and of a program on a remote machine that machine, too", () => {
    assert.equal(keptAddress("http://localhost:8000", undefined), "http://localhost:8000");
    const buildbox = remoteMachineOf("buildbox", undefined);
    assert.equal(keptAddress("http://localhost:8000", buildbox), "http://localhost:8000 on buildbox");
    assert.equal(keptAddress("http://[::1]:8000/v1", buildbox), "http://[::1]:8000/v1 on buildbox");
    assert.equal(keptAddress("https://vllm.example", buildbox), "https://vllm.example");
  });

  it("is another one on each machine of one name, and says a hash of what the system calls it", () => {
    const on = (systemId: string) => keptAddress("http://localhost:8000", remoteMachineOf("buildbox", systemId));
    assert.equal(on("1f00"), on("1f00"));
    assert.notEqual(on("1f00"), on("2f00"));
    assert.match(on("1f00"), /^http:\/\/localhost:8000 on buildbox [0-9a-f]{12}$/);
  });
});
