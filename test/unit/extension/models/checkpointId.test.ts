import assert from "node:assert/strict";
import { checkpointId } from "../../../../src/extension/models/checkpointId";

describe("the name under which a checkpoint of the user's is installed", () => {
  for (const [checkpoint, expected] of [
    ["/home/me/My Model", /^my-model-[0-9a-f]{6}$/],
    ["/hub/models--google--recurrentgemma-9b-it/snapshots/195f13c", /^recurrentgemma-9b-it-[0-9a-f]{6}$/],
    ["/home/me/模型", /^model-[0-9a-f]{6}$/],
  ] as const)
    it(`is its folder's, and of where it is: ${checkpoint}`, () => assert.match(checkpointId(checkpoint), expected));

  it("is not that of another one, whose conversion it would begin anew", () => {
    assert.notEqual(checkpointId("/a/final"), checkpointId("/b/final"));
    assert.notEqual(checkpointId("/home/me/模型"), checkpointId("/home/me/型"));
  });

  it("is the same however the folder is written", () => {
    assert.equal(checkpointId("/a/final/"), checkpointId("/a/final"));
    assert.equal(checkpointId("/A/final", "win32"), checkpointId("/a/Final", "win32"));
    assert.notEqual(checkpointId("/A/final", "linux"), checkpointId("/a/final", "linux"));
  });
});
