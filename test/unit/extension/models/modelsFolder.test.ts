import assert from "node:assert/strict";
import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { conversionOf } from "../../../../src/engine/model/modelFolder";
import { describeModelFolder, ModelsFolder, ownModel } from "../../../../src/extension/models/modelsFolder";
import { useTemporaryFolder } from "../../../support/temporaryFolder";

const FOLDER = "test/fixtures/tiny-gemma";

describe("the model in a folder of the user's own", () => {
  it("is found where no list has it", async () => {
    const own = await ownModel(FOLDER, [{ folder: "models/other", folderName: "other", displayName: "", bytes: 0 }]);
    assert.equal(own?.folderName, "tiny-gemma");
    assert.ok(own.bytes > 0);
  });

  it("is not listed twice", async () => {
    const other = { folder: "models/other", folderName: "other", displayName: "", bytes: 0 };
    const listed = [other, (await describeModelFolder(FOLDER))!];
    assert.equal(await ownModel(`${FOLDER}/`, listed), undefined);
  });

  it("is none where there is no whole model", async () => assert.equal(await ownModel("test/fixtures", []), undefined));
});

describe("what a stopped installation has left", () => {
  const folder = useTemporaryFolder();
  let models: ModelsFolder;
  beforeEach(() => {
    models = new ModelsFolder(folder());
  });

  it("has its model's name, also of a repair, and where nothing readable is left of a model", async () => {
    const replacement = models.replacementOf("b-int8");
    for (const path of [
      ...[models.downloadOf("a"), conversionOf(models.replacementOf("a-int8"))],
      ...[replacement, conversionOf(replacement), join(models.root, ".c-int4.old")],
      ...[models.pathOf("d-int8"), join(models.root, ".something")],
    ]) {
      await mkdir(path, { recursive: true });
    }
    assert.deepEqual((await models.leftovers()).map(({ name }) => name).sort(), [
      ...["d-int8", "download of a"],
      ...["unfinished a-int8", "unfinished b-int8", "unfinished b-int8", "unfinished c-int4"],
    ]);
  });

  it("is no model that can be described, and no file", async () => {
    await cp(FOLDER, models.pathOf("whole"), { recursive: true });
    await cp(FOLDER, models.pathOf("torn"), { recursive: true });
    await writeFile(join(models.pathOf("torn"), "model.json"), "\0\0\0");
    await writeFile(join(models.root, "notes.txt"), "");
    assert.deepEqual(
      (await models.installed()).map(({ folderName }) => folderName),
      ["whole"],
    );
    assert.deepEqual(
      (await models.leftovers()).map(({ name }) => name),
      ["torn"],
    );
  });
});
