import assert from "node:assert/strict";
import { keptOrigin } from "../../../src/extension/keptOrigin";

describe("what consents and secrets are kept for", () => {
  it("is the origin, and of a program on a remote machine that machine, too", () => {
    assert.equal(keptOrigin("http://localhost:8000", undefined), "http://localhost:8000");
    assert.equal(keptOrigin("http://localhost:8000", "buildbox"), "http://localhost:8000 on buildbox");
    assert.equal(keptOrigin("http://[::1]:8000", "buildbox"), "http://[::1]:8000 on buildbox");
    assert.equal(keptOrigin("https://vllm.example", "buildbox"), "https://vllm.example");
  });
});
