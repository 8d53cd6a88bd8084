import assert from "node:assert/strict";
import { undisturbed } from "../../../../src/engine/modelAccess";
import { SavedTrunks } from "../../../../src/engine/repository/savedTrunks";
import { Trunk } from "../../../../src/engine/repository/trunk";
import { clocksAt } from "../../../support/clocks";
import { FakeModel } from "../../../support/fakeModel";
import { MODEL, makeStore, removeStores, statesIn } from "../stateStore/states";

describe("SavedTrunks", () => {
  const model = new FakeModel();
  const pace = { tokenMs: undefined };
  let trunk: Trunk;

  beforeEach(() => {
    trunk = new Trunk({ model, bos: 2, rootKey: MODEL.key, keptBytes: 1000 });
  });

  after(removeStores);

  const stores = () => makeStore({ model: { ...MODEL, emptyState: model.emptyState } });

  /** The key of the trunk with one more file. */
  async function readOn(path: string): Promise<string> {
    await trunk.append({ path, hash: "1" }, [5], 0, undisturbed);
    return trunk.key;
  }

  it("removes an interim state once the next is there, and none that is kept", async () => {
    const { store, folder } = await stores();
    const saved = new SavedTrunks({ store, folderId: "one", clocks: clocksAt(), pace });
    const saveAs = async (as: "kept" | "interim", ...keys: readonly string[]) => {
      await saved.save(trunk, as, true);
      assert.ok(saved.isSaved(trunk));
      assert.deepEqual(await statesIn(folder), [...keys].sort());
    };
    const a = await readOn("a");
    await saveAs("interim", a);
    const b = await readOn("b");
    await saveAs("kept", b);
    const c = await readOn("c");
    await saveAs("interim", b, c);
    await saveAs("kept", b, c);
    const d = await readOn("d");
    await saveAs("kept", b, c, d);
  });

  it("removes none that was there before for another folder", async () => {
    const { store, another, folder } = await stores();
    const a = await readOn("a");
    await new SavedTrunks({ store: another(), folderId: "other", clocks: clocksAt(), pace }).save(trunk, "kept", false);
    const saved = new SavedTrunks({ store, folderId: "one", clocks: clocksAt(), pace });
    await saved.save(trunk, "interim", true);
    await readOn("b");
    await saved.save(trunk, "interim", true);
    const c = await readOn("c");
    await saved.save(trunk, "kept", true);
    assert.deepEqual(await statesIn(folder), [a, c].sort());
  });

  it("does not take for saved what could not be written, and tries again after a while, or once all is read", async () => {
    const { store } = await stores();
    let now = 0;
    const { saveLatest } = store;
    store.saveLatest = async () => false;
    const saved = new SavedTrunks({ store, folderId: "one", clocks: clocksAt(() => now), pace });
    saved.began();
    await readOn("a");
    assert.ok(!(await saved.save(trunk, "kept", true)));
    assert.ok(!saved.isSaved(trunk));
    assert.equal(saved.editsDueInMs, 0);
    saved.began();
    assert.deepEqual([saved.due(0), saved.due(32_768)], [undefined, undefined]);
    now = 120_000;
    assert.deepEqual([saved.due(0), saved.due(32_768)], ["interim", "kept"]);
    store.saveLatest = saveLatest;
    assert.ok(await saved.save(trunk, "kept", true));
    saved.began();
    assert.equal(saved.due(32_768), "kept");
  });

  it("saves a trunk again that comes back to the state that was removed", async () => {
    const { store, folder } = await stores();
    const saved = new SavedTrunks({ store, folderId: "one", clocks: clocksAt(), pace });
    const a = await readOn("a");
    await saved.save(trunk, "kept", true);
    assert.equal(await saved.removeHaving(new Set(["a"]), trunk.files), 1);
    assert.ok(!saved.isSaved(trunk));
    await saved.save(trunk, "kept", true);
    assert.deepEqual(await statesIn(folder), [a]);
  });

  it("is due after much, or when what is not saved was read for long", async () => {
    const { store } = await stores();
    let now = 0;
    const saved = new SavedTrunks({ store, folderId: "one", clocks: clocksAt(() => now), pace });
    saved.began();
    assert.equal(saved.due(32_767), undefined);
    assert.equal(saved.due(32_768), "kept");
    now = 120_000;
    saved.began();
    assert.equal(saved.due(0), "interim");
    await readOn("a");
    await saved.save(trunk, "interim", true);
    saved.began();
    assert.equal(saved.due(0), undefined);
  });

  it("is due some minutes after edits that take long to read, and long after others", async () => {
    const { store } = await stores();
    let now = 0;
    const saved = new SavedTrunks({ store, folderId: "one", clocks: clocksAt(() => now), pace: { tokenMs: 10 } });
    const edit = (tokens: number) => {
      saved.began();
      saved.hasRead(tokens);
      return saved.editsDueInMs / 60_000;
    };
    assert.equal(edit(2_000), 30);
    now = 120_000;
    assert.equal(edit(1), 3);
    await readOn("a");
    await saved.save(trunk, "interim", true);
    assert.equal(edit(2_000), 30);
  });

  it("has none where states are not kept", async () => {
    const saved = new SavedTrunks({ store: undefined, folderId: "one", clocks: clocksAt(), pace });
    assert.ok(saved.isSaved(trunk), "there is nothing to save");
    await readOn("a");
    await saved.save(trunk, "kept", true);
    assert.ok(!saved.isSaved(trunk));
    assert.equal(await saved.latest(), undefined);
    assert.equal(await saved.longerThan(0, trunk.files), undefined);
    for await (const { key } of saved.histories()) assert.fail(key);
    assert.equal((await saved.paths()).size, 0);
    assert.equal(await saved.removeHaving(new Set(["a"]), []), 0);
  });
});
