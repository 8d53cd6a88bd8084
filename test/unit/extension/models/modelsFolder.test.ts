import assert from "node:assert/strict";
import { describeModelFolder, ownModel } from "../../../../src/extension/models/modelsFolder";

const FOLDER = "test/fixtures/tiny-gemma";

describe("the model in a folder of the user's own", () => {
  it("is found where no list has it", async () => {
    const own = await ownModel(FOLDER, [{ folder: "models/other", folderName: "other", displayName: "", bytes: 0 }]);
    assert.equal(own?.folderName, "tiny-gemma");
    assert.ok(own.bytes > 0);
  });

  it("is not listed twice", async () => {
    const listed = [(await describeModelFolder(FOLDER, "tiny-gemma"))!];
    assert.equal(await ownModel(`${FOLDER}/`, listed), undefined);
  });

  it("is none where there is no whole model", async () => assert.equal(await ownModel("test/fixtures", []), undefined));
});
