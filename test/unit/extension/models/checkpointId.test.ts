import assert from "node:assert/strict";
import { checkpointId, type KnownCheckpoints } from "../../../../src/extension/models/checkpointId";

describe("the name under which a checkpoint of the user's is installed", () => {
  const check = (
    checkpoint: string,
    expected: string | RegExp,
    known: KnownCheckpoints = {},
    isTaken = (_id: string) => false,
  ) => {
    const id = checkpointId(checkpoint, known, isTaken);
    if (typeof expected === "string") assert.equal(id, expected);
    else assert.match(id, expected);
    assert.equal(
      checkpointId(checkpoint, { ...known, [id]: checkpoint }, () => true),
      id,
      "it keeps its name",
    );
  };

  it("is its folder's", () => check("/home/me/My Model", "my-model"));

  it("is none of the catalogue's, which a repair would take for Google's", () => {
    check("/home/me/recurrentgemma-2b", "recurrentgemma-2b-own");
    check("/hub/models--google--recurrentgemma-9b-it/snapshots/195f13c", "recurrentgemma-9b-it-own");
  });

  it("is not that of another one, whose conversion it would begin anew", () => {
    check("/b/final", /^final-[0-9a-f]{6}$/, { final: "/a/final" });
    check("/a/final", "final", { final: "/a/final/" });
  });

  it("is not that of a folder which nobody knows to be a model of a checkpoint", () => {
    check("/b/codellm", /^codellm-[0-9a-f]{6}$/, {}, (id) => id === "codellm");
    check("/a/final", "final", { final: "/a/final" }, (id) => id === "final");
  });

  it("is its own also where nothing is left of the folder's", () => {
    check("/home/me/模型", /^model-[0-9a-f]{6}$/);
    const idOf = (checkpoint: string) => checkpointId(checkpoint, {}, () => false);
    assert.notEqual(idOf("/home/me/模型"), idOf("/home/me/型"));
  });
});
