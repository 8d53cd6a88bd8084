import assert from "node:assert/strict";
import { addressOf, endpointOf } from "../../../../../src/extension/chat/endpoint/address";

/** What the setting holds → where a question goes. */
const ADDRESSES = [
  ["http://localhost:8000/v1", "http://localhost:8000/v1/chat/completions"],
  [" https://vllm.example/v1/ ", "https://vllm.example/v1/chat/completions"],
  ["https://vllm.example", "https://vllm.example/chat/completions"],
  ["HTTPS://VLLM.example:443/v1", "https://vllm.example/v1/chat/completions"],
  ["https://vllm.example/team/a/v1//", "https://vllm.example/team/a/v1/chat/completions"],
  ["https://vllm.example/v1/chat/completions", "https://vllm.example/v1/chat/completions"],
  ["https://vllm.example/v1/models", "https://vllm.example/v1/chat/completions"],
  ["https://vllm.example/v1?api-version=2#x", "https://vllm.example/v1/chat/completions?api-version=2"],
] as const;

describe("a chat endpoint's address", () => {
  for (const [setting, expected] of ADDRESSES) {
    it(JSON.stringify(setting), () => {
      assert.equal(addressOf(endpointOf(setting)!, "chat/completions").href, expected);
    });
  }

  it("is none when the setting is empty", () => {
    for (const setting of ["", "  "]) assert.equal(endpointOf(setting), undefined);
  });

  it("is refused when it is no address of the web", () => {
    for (const setting of ["localhost:8000", "ftp://a/v1", "file:///etc/hosts", "/v1", "http://", "https:///v1", "x"])
      assert.throws(() => endpointOf(setting), { name: "EndpointFault", kind: "badAddress" }, setting);
  });

  it("is refused with a key in it", () => {
    for (const key of ["me", "me:key", ":key"])
      assert.throws(() => endpointOf(`https://${key}@vllm.example/v1`), { kind: "keyInAddress" }, key);
  });

  it("tells whether the host is this machine", () => {
    const isHere = (setting: string): boolean => endpointOf(setting)!.isOnThisMachine;
    for (const host of ["localhost", "a.localhost", "127.0.0.1", "127.1.2.3", "[::1]"])
      assert.ok(isHere(`http://${host}:8000/v1`), host);
    for (const host of ["vllm.example", "localhost.example", "127.0.0.1.example", "10.0.0.1", "[::2]"])
      assert.ok(!isHere(`http://${host}:8000/v1`), host);
  });
});
