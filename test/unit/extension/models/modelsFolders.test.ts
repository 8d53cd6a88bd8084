import assert from "node:assert/strict";
import files, { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ModelsFolders } from "../../../../src/extension/models/modelsFolders";
import { withReplaced } from "../../../support/replaced";
import { useTemporaryFolder } from "../../../support/temporaryFolder";

const MODEL = "test/fixtures/tiny-gemma";

describe("the folders of models", () => {
  const folder = useTemporaryFolder();
  let chosen: string;
  let folders: ModelsFolders;
  beforeEach(async () => {
    await mkdir(folder("own"));
    await mkdir(folder("chosen"));
    chosen = folder("chosen");
    folders = new ModelsFolders(folder("own"), () => chosen);
  });

  it("are the chosen one, where models come from now on, and VS Code's own, whose models stay listed", async () => {
    await cp(MODEL, folder("own", "a-int8"), { recursive: true });
    await cp(MODEL, folder("chosen", "griffin-code-models", "b-int8"), { recursive: true });
    const names = async () => (await folders.installed()).map(({ folderName }) => folderName);
    assert.deepEqual(
      [folders.current.root, await names()],
      [join(chosen, "griffin-code-models"), ["b-int8", "a-int8"]],
    );
    chosen = join(chosen, "griffin-code-models");
    assert.deepEqual([folders.current.root, await names()], [chosen, ["b-int8", "a-int8"]], "named itself");
    chosen = folder("chosen");
    await mkdir(folder("chosen", "photos"));
    assert.deepEqual(await folders.leftovers(), [], "what else the user keeps there is none of our business");
    assert.equal(await folders.usable("a-int8"), folder("own", "a-int8"));
    assert.equal(await folders.usable("c-int8"), undefined);
    assert.equal(folders.of(folder("own", "a-int8"))?.root, folder("own"));
    assert.equal(folders.of(folder("elsewhere", "a-int8")), undefined);
    for (chosen of ["", `${folder("own")}/`, "models"]) {
      assert.deepEqual([folders.current.root, await names()], [folder("own"), ["a-int8"]]);
    }
  });

  it("say what is wrong with the chosen one before anything is kept there, and make nothing", async () => {
    const fault = () =>
      folders.writable().then(
        () => undefined,
        ({ message }: Error) => message.replaceAll(join(folder(), "/"), ""),
      );
    assert.equal(await fault(), undefined);
    await writeFile(folder("file"), "");
    const table: Record<string, string> = {
      models: '`griffin.models.folder` is "models", which is no whole path. Write it from the disk\'s root on.',
      [folder("gone", "models")]:
        `There is no folder ${join("gone", "models")}, ` +
        "where `griffin.models.folder` has models kept. Connect its disk or make the " +
        "folder, then try again; or name another one in that setting.",
      [folder("file")]:
        "There is no folder file, where `griffin.models.folder` has models kept. Connect its disk or make the folder, " +
        "then try again; or name another one in that setting.",
    };
    for (const [setting, sentence] of Object.entries(table)) {
      chosen = setting;
      assert.equal(await fault(), sentence);
    }
    chosen = folder("chosen");
    const refuse = () => Promise.reject(Object.assign(new Error("access"), { code: "EACCES" }));
    await withReplaced(files, { access: refuse }, async () => {
      assert.equal(
        await fault(),
        "Nothing can be written in chosen, where `griffin.models.folder` has models kept (EACCES). Change the folder's " +
          "permissions, or name another one in that setting.",
      );
    });
    assert.deepEqual((await files.readdir(folder())).sort(), ["chosen", "file", "own"]);
  });

  it("are both looked at for whether a window works there", async () => {
    assert.equal(await folders.isBusy(), false);
    const holder = { id: "", pid: process.pid, host: "elsewhere" };
    await writeFile(join(folder("own"), ".lock"), JSON.stringify(holder));
    assert.equal(await folders.isBusy(), true);
  });
});
