import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ModelsFolder } from "../../../../src/extension/models/modelsFolder";
import { refuseWithoutRoom, roomNeeded } from "../../../../src/extension/models/room";

describe("the room that an installation takes", () => {
  let models: ModelsFolder;
  beforeEach(async () => {
    models = new ModelsFolder(await mkdtemp(join(tmpdir(), "griffin-room-")));
  });
  afterEach(() => rm(models.root, { recursive: true }));

  const planned = (downloadBytes: number) => {
    const [download, target] = [models.downloadOf("tiny"), models.replacementOf("tiny-int8")];
    return { downloadBytes, download, conversionBytes: 500_000, target };
  };
  const needed = (allocated?: (folder: string) => Promise<number>) => roomNeeded(planned(1e6), allocated);

  it("is that of the download and of the model", async () => assert.equal(await needed(), 1.5e6));

  it("is less by what an earlier attempt has fetched and converted", async () => {
    await mkdir(models.downloadOf("tiny"), { recursive: true });
    await writeFile(join(models.downloadOf("tiny"), "a.part"), Buffer.alloc(400_000, 1));
    assert.equal(await needed(), 1.1e6);
    const asked: string[] = [];
    const allocated = async (folder: string) => {
      asked.push(folder);
      return 200_000;
    };
    assert.equal(await needed(allocated), 900_000);
    assert.deepEqual(asked, [join(models.root, "..tiny-int8.new.converting")]);
  });

  it("is refused where there is less", async () => {
    await refuseWithoutRoom(models, planned(0));
    await assert.rejects(refuseWithoutRoom(models, planned(1e18)), { kind: "noRoom" });
    await assert.rejects(refuseWithoutRoom(models, { ...planned(1e18), isRepair: true }), {
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
