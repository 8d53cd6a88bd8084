import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { conversionOf } from "../../../../src/engine/model/modelFolder";
import type { ModelForm } from "../../../../src/extension/models/catalogue";
import { roomNeeded } from "../../../../src/extension/models/fit";
import { ModelsFolder } from "../../../../src/extension/models/modelsFolder";
import { refuseWithoutRoom, roomNow } from "../../../../src/extension/models/room";
import { allocatedBytesIn } from "../../../../src/machine/diskRoom";
import { useTemporaryFolder } from "../../../support/temporaryFolder";
import { TINY } from "./support";

describe("the room that an installation takes", () => {
  const folder = useTemporaryFolder();
  let models: ModelsFolder;
  beforeEach(() => {
    models = new ModelsFolder(folder());
  });

  const SIZES = {
    ...TINY,
    downloadBytes: 1e6,
    storedBytes: { int8: 500_000, int4: 300_000 },
    calibrationBytes: 100_000,
  };
  const needed = async (form: ModelForm = "int8") => roomNeeded(SIZES, form, await roomNow(models));

  it("is that of the download, of the model, and of what its conversion needs besides", async () => {
    assert.deepEqual([await needed(), await needed("int4-calibrated")], [1.5e6, 1.4e6]);
  });

  it("is less by what an earlier attempt has fetched and converted", async () => {
    await mkdir(models.downloadOf("tiny"), { recursive: true });
    await writeFile(join(models.downloadOf("tiny"), "a.part"), Buffer.alloc(400_000, 1));
    assert.equal(await needed(), 1.1e6);
    const converted = conversionOf(models.replacementOf("tiny-int8"));
    await mkdir(converted);
    await writeFile(join(converted, "weights"), Buffer.alloc(200_000, 1));
    const bytes = await allocatedBytesIn(converted);
    assert.ok(bytes >= 200_000, String(bytes));
    assert.deepEqual([await needed(), await needed("int4")], [1.1e6 - bytes, 900_000]);
  });

  it("is refused where there is less", async () => {
    const large = { ...SIZES, downloadBytes: 1e18 };
    await refuseWithoutRoom(models, SIZES, "int8", "install");
    await assert.rejects(refuseWithoutRoom(models, large, "int8", "install"), { kind: "noRoom" });
    await assert.rejects(refuseWithoutRoom(models, large, "int8", "repair"), {
      kind: "noRoomToRepair",
      message: /where the model is, .* remove the model, and install it again in a folder on another disk/,
    });
  });

  it("is never less than nothing", async () => {
    await mkdir(models.downloadOf("tiny"), { recursive: true });
    await writeFile(join(models.downloadOf("tiny"), "a"), Buffer.alloc(2e6, 1));
    assert.equal(await needed(), 500_000);
  });
});
