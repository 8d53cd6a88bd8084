import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ModelsFolder } from "../../../../src/extension/models/modelsFolder";
import { roomNeeded } from "../../../../src/extension/models/room";

describe("the room that an installation takes", () => {
  let models: ModelsFolder;
  beforeEach(async () => {
    models = new ModelsFolder(await mkdtemp(join(tmpdir(), "griffin-room-")));
  });
  afterEach(() => rm(models.root, { recursive: true }));

  const needed = () => {
    const [download, target] = [models.downloadOf("tiny"), models.pathOf("tiny-int8")];
    return roomNeeded(models, { downloadBytes: 1e6, download, storedBytes: 500_000, target });
  };

  it("is that of the download and of the model", async () => assert.equal(await needed(), 1.5e6));

  it("is less by what an earlier attempt has fetched and converted", async () => {
    await mkdir(models.downloadOf("tiny"), { recursive: true });
    await writeFile(join(models.downloadOf("tiny"), "a.part"), Buffer.alloc(400_000, 1));
    assert.equal(await needed(), 1.1e6);
    const conversion = join(models.root, ".tiny-int8.converting");
    await mkdir(conversion);
    await writeFile(join(conversion, "weights"), Buffer.alloc(2 ** 18, 1));
    await truncate(join(conversion, "weights"), 2 ** 19);
    // A file system may take more than was written, for itself.
    const written = 1.1e6 - (await needed());
    assert.ok(written >= 2 ** 18 && written <= 2 ** 18 + 2 ** 16, String(written));
  });

  it("is never less than nothing", async () => {
    await mkdir(models.downloadOf("tiny"), { recursive: true });
    await writeFile(join(models.downloadOf("tiny"), "a"), Buffer.alloc(2e6, 1));
    assert.equal(await needed(), 500_000);
  });
});
