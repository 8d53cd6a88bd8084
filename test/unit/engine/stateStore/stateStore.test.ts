import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFile, open, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type ReadEntry, STATE_FORMAT_VERSION } from "../../../../src/engine/stateStore/keys";
import { ownerOf, pointerName } from "../../../../src/engine/stateStore/latestPointers";
import type { StateStore } from "../../../../src/engine/stateStore/stateStore";
import { chainOf, contentsOf, keyOf, MODEL, makeStore, modelNamed, removeStores, stateAfter, statesIn } from "./states";

const WANTED = chainOf(5);

async function damage(folder: string, key: string): Promise<void> {
  const file = await open(join(folder, `${key}.state`), "r+");
  await file.write(Buffer.from("?"), 0, 1, 60);
  await file.close();
}

async function setFormat(folder: string, key: string, version: number): Promise<void> {
  const file = await open(join(folder, `${key}.state`), "r+");
  await file.write(Uint8Array.of(version), 0, 1, 8);
  await file.close();
}

async function restored(store: StateStore, wanted = WANTED): Promise<number | undefined> {
  const found = await store.restore(wanted);
  if (found === undefined) return undefined;
  assert.deepEqual(contentsOf(found.state), contentsOf(stateAfter(found.chain)));
  return found.chain.length;
}

/** What is remembered for the folder "/one". */
async function remembered(folder: string): Promise<string[]> {
  return JSON.parse(await readFile(pointerIn(folder), "utf8")).keys;
}

async function setRemembered(folder: string, keys: readonly string[]): Promise<void> {
  await writeFile(pointerIn(folder), JSON.stringify({ keys }));
}

function pointerIn(folder: string): string {
  return join(folder, pointerName(ownerOf(MODEL.key, "/one")));
}

describe("StateStore", () => {
  after(removeStores);

  it("finds in a new process what an earlier one saved", async () => {
    const { save, another } = await makeStore();
    const key = await save(3);
    const found = await another().load(key);
    assert(found !== undefined);
    assert.deepEqual(contentsOf(found.state), contentsOf(stateAfter(chainOf(3))));
    assert.deepEqual(found.chain, chainOf(3));
  });

  it("removes once what an earlier version has saved in another format, whoever used it, and not what a later one has", async () => {
    const { store, folder, lines, save, another } = await makeStore();
    const formats = [STATE_FORMAT_VERSION - 1, STATE_FORMAT_VERSION, STATE_FORMAT_VERSION + 1];
    const keys: string[] = [];
    for (const [index, format] of formats.entries()) {
      const key = await save(index);
      await store.setLatest(`/${index}`, key);
      keys.push(key);
      await setFormat(folder, key, format);
    }
    await writeFile(join(folder, `${"a".repeat(64)}.state`), "another program's");
    await another().restoreLatest("/elsewhere");
    assert.deepEqual(await statesIn(folder), [...keys.slice(1), "a".repeat(64)].sort());
    assert.deepEqual(lines, ["info: States that an earlier version has saved were removed: 1."]);
  });

  it("finds nothing where nothing was saved", async () => {
    const { store, folder, lines } = await makeStore();
    assert.equal(await store.load(MODEL.key), undefined);
    assert.equal(await store.restore(WANTED), undefined);
    assert.equal(await store.restoreLatest("folder"), undefined);
    assert.equal(await store.latest("folder"), undefined);
    assert.deepEqual(await statesIn(folder), []);
    assert.deepEqual(await store.clear(), { bytes: 0 });
    await store.prune();
    assert.deepEqual(lines, []);
  });

  it("restores the longest prefix of what is wanted, also after going to another branch and back", async () => {
    const { store, save } = await makeStore();
    for (const files of [0, 2, 4]) await save(files);
    assert.equal(await restored(store), 4);
    const otherBranch = [...WANTED.slice(0, 3), { ...WANTED[3]!, hash: "edited" }];
    assert.equal(await restored(store, otherBranch), 2);
    assert.equal(await restored(store), 4);
    assert.equal(await restored(store, [{ ...WANTED[0]!, path: "other" }]), 0);
  });

  it("looks at no state that has read too few files for whoever asks", async () => {
    const { store, save, folder, lines } = await makeStore();
    await damage(folder, await save(2));
    assert.equal(await store.restore(WANTED, 3), undefined);
    assert.deepEqual(lines, []);
    await save(3);
    assert.equal((await store.restore(WANTED, 3))?.chain.length, 3);
  });

  it("falls back to the next shorter prefix when a file is damaged, says so, and removes it", async () => {
    const { store, save, folder, lines } = await makeStore();
    await save(2);
    const key = await save(4);
    await damage(folder, key);
    assert.equal(await restored(store), 2);
    assert.deepEqual(lines, [
      `warn: The saved state ${key}.state is not used: its header is damaged. It was removed; what it held is read again.`,
    ]);
    assert.equal(await store.has(key), false);
    assert.equal(await restored(store), 2);
    assert.equal(lines.length, 1);
  });

  it("refuses a file under another state's name", async () => {
    const { store, save, folder, lines } = await makeStore();
    const [two, four] = [await save(2), await save(4)];
    const path = (key: string) => join(folder, `${key}.state`);
    await rename(path(two), join(folder, "kept"));
    await rename(path(four), path(two));
    await rename(join(folder, "kept"), path(four));
    assert.equal(await restored(store), undefined);
    assert.match(lines.join("\n"), new RegExp(`${four}.state is not used: it holds the state ${two.slice(0, 12)}`));
    assert.match(lines.join("\n"), new RegExp(`${two}.state is not used: it holds the state ${four.slice(0, 12)}`));
  });

  it("refuses another model's state under this one's name", async () => {
    const { store, another, folder, lines } = await makeStore();
    const other = modelNamed("other", "a");
    await another({ model: other }).save(other.key, stateAfter([], other), [], "/one");
    await copyFile(join(folder, `${other.key}.state`), join(folder, `${MODEL.key}.state`));
    assert.equal(await restored(store), undefined);
    assert.match(lines.join("\n"), /the model other made it, and this is tiny/);
  });

  it("does not write again what is there", async () => {
    const { save, folder } = await makeStore();
    const path = join(folder, `${await save(2)}.state`);
    await writeFile(path, "there");
    await save(2);
    assert.equal(await readFile(path, "utf8"), "there");
  });

  it("remembers for each workspace folder what it used last", async () => {
    const { store, save } = await makeStore();
    const [two, four] = [await save(2), await save(4)];
    assert(await store.setLatest("/one", two));
    assert(await store.setLatest("/two", four));
    assert.deepEqual([await store.latest("/one"), await store.latest("/two")], [two, four]);
  });

  it("remembers the last hundred of them, those that are there", async () => {
    const { store, save, folder } = await makeStore();
    const newest = await save(101);
    const earlier = Array.from({ length: 100 }, (_, index) => keyOf(chainOf(100 - index)));
    for (const key of earlier) await writeFile(join(folder, `${key}.state`), "");
    await setRemembered(folder, earlier);
    await store.setLatest("/one", newest);
    assert.deepEqual(await remembered(folder), [newest, ...earlier.slice(0, 99)]);
    await store.drop(earlier[0]!);
    await store.setLatest("/one", newest);
    assert.deepEqual(await remembered(folder), [newest, ...earlier.slice(1, 99)]);
  });

  it("knows what was read for a folder longest ago, however often the state was replaced since", async () => {
    const { store, save, folder } = await makeStore();
    const other = chainOf(2, "branch/");
    await store.saveLatest("/one", keyOf(other), stateAfter(other), other);
    const replaced = Array.from({ length: 99 }, (_, index) => keyOf(chainOf(100 - index)));
    await setRemembered(folder, [...replaced, keyOf(other)]);
    const newest = await save(101);
    await store.setLatest("/one", newest);
    assert.deepEqual(await remembered(folder), [newest, keyOf(other)]);
    assert.ok((await store.pathsReadFor("/one")).has("branch/0.ts"));
  });

  it("remembers it for each model, so that going to another one and back costs nothing", async () => {
    const { store, another, save, lines } = await makeStore();
    const key = await save(4);
    await store.setLatest("/one", key);
    const model = modelNamed("other", "b");
    const other = another({ model });
    assert.equal(await other.restoreLatest("/one"), undefined);
    const chain = chainOf(2);
    assert(await other.saveLatest("/one", keyOf(chain, model), stateAfter(chain, model), chain));
    assert.equal((await store.restoreLatest("/one"))?.key, key);
    assert.equal((await other.restoreLatest("/one"))?.key, keyOf(chain, model));
    assert.deepEqual(lines, []);
  });

  it("goes back to what was used before when the latest is damaged", async () => {
    const { store, save, folder } = await makeStore();
    const [two, four] = [await save(2), await save(4)];
    await store.setLatest("/one", two);
    await store.setLatest("/one", four);
    assert.equal((await store.restoreLatest("/one"))?.key, four);
    await damage(folder, four);
    assert.equal((await store.restoreLatest("/one"))?.key, two);
  });

  it("has the latest state back when another window was killed in removing it", async () => {
    const { store, save, folder } = await makeStore();
    const key = await save(4);
    await store.setLatest("/one", key);
    const { pid } = spawnSync(process.execPath, ["--version"]);
    await rename(join(folder, `${key}.state`), join(folder, `${key}.state.${pid}.00000001.removed`));
    assert.equal((await store.restoreLatest("/one"))?.key, key);
  });

  it("does not remember what is not there", async () => {
    const { store } = await makeStore();
    assert.equal(await store.setLatest("/one", keyOf(WANTED)), false);
    assert.equal(await store.restoreLatest("/one"), undefined);
  });

  it("removes what has read a file that must not be known any more, and what cannot be read", async () => {
    const { store, another, save, folder } = await makeStore();
    const model = modelNamed("other", "a");
    const chain = chainOf(3);
    await another({ model }).save(keyOf(chain, model), stateAfter(chain, model), chain, "/one");
    const [one, two, three] = [await save(1), await save(2), await save(3)];
    await store.setLatest("/one", three);
    await damage(folder, await save(0));
    assert.equal(await store.removeHaving("/one", new Set([chain[1]!.path, "none"])), 4);
    assert.deepEqual(await statesIn(folder), [one]);
    assert.equal(await store.has(two), false);
    assert.equal(await store.restoreLatest("/one"), undefined);
  });

  it("leaves other folders' states alone that have read another file of the same path", async () => {
    const { store, folder } = await makeStore();
    const readBy = async (folderId: string, path: string, hash: string) => {
      const chain = [{ path, hash, tokens: 2, readAt: 0 }];
      assert(await store.save(keyOf(chain), stateAfter(chain), chain, folderId));
      return keyOf(chain);
    };
    await readBy("/one", "docs/index.md", "now");
    await readBy("/one", "docs/index.md", "before");
    const others = [await readBy("/two", "docs/index.md", "another text"), await readBy("/two", "a.ts", "now")];
    const moved = await readBy("/where one was", "docs/index.md", "long ago");
    assert.deepEqual(await store.pathsReadFor("/one"), new Set(["docs/index.md"]));
    assert.equal(await store.removeHaving("/one", new Set(["docs/index.md"])), 2);
    assert.deepEqual(await statesIn(folder), [...others, moved].sort());
    const read = [{ path: "docs/index.md", hash: "long ago" }];
    assert.equal(await store.removeHaving("/one", new Set(["docs/index.md"]), read), 1);
    assert.deepEqual(await statesIn(folder), others.sort());
  });

  it("is cleared of one folder's states and pointers, of any model, and of what cannot say whose it is", async () => {
    const { store, another, save, folder } = await makeStore();
    const model = modelNamed("other", "a");
    const readFor = async (folderId: string, chain: ReadEntry[], of = MODEL) => {
      const key = keyOf(chain, of);
      assert(await another({ model: of }).saveLatest(folderId, key, stateAfter(chain, of), chain));
      return key;
    };
    await readFor("/one", chainOf(4));
    await readFor("/one", chainOf(4), model);
    const others = [await readFor("/two", chainOf(2)), await readFor("/two", chainOf(2), model)];
    // Read for the other folder first, and used here, too.
    await readFor("/two", chainOf(3), model);
    await readFor("/one", chainOf(3), model);
    await damage(folder, await save(0));
    const nameOf = (key: string, kind: string) => join(folder, `${key}.state.${process.pid}.00000001.${kind}`);
    await writeFile(nameOf(MODEL.key, "tmp"), "GRIFFIN and no more yet");
    await copyFile(join(folder, `${keyOf(chainOf(4))}.state`), nameOf(keyOf(chainOf(4)), "removed"));
    await copyFile(join(folder, `${others[0]}.state`), nameOf(others[0]!, "removed"));
    // Another window is saving it.
    const whole = await readFile(join(folder, `${others[0]}.state`));
    await writeFile(nameOf(others[0]!, "tmp"), whole.subarray(0, -1));
    await writeFile(join(folder, "notes.txt"), "the user's own");

    const { bytes, problem } = await store.clear(["/one", "/where nothing was read"]);
    assert.ok(bytes > 1000);
    assert.equal(problem, undefined);
    assert.deepEqual(await statesIn(folder), others.sort());
    const left = (await readdir(folder)).filter((name) => !name.endsWith(".state"));
    assert.equal(left.filter((name) => name.endsWith(".removed")).length, 1);
    assert.equal(left.filter((name) => name.endsWith(".tmp")).length, 1);
    assert.equal(left.filter((name) => name.startsWith("latest-")).length, 2);
    assert.equal(left.length, 5, left.join());
    assert.equal((await store.restoreLatest("/two"))?.key, keyOf(chainOf(2)));
    assert.equal(await store.restoreLatest("/one"), undefined);
    assert.deepEqual(await store.clear(["/one"]), { bytes: 0 });
  });

  it("takes a state for the folder's that another folder has read before it", async () => {
    const { store, another, folder } = await makeStore();
    const chain = chainOf(2);
    const state = stateAfter(chain);
    assert(await store.saveLatest("/one", keyOf(chain), state, chain));
    assert(await another().saveLatest("/two", keyOf(chain), state, chain));
    assert.equal(await store.removeHaving("/two", new Set([chain[0]!.path])), 1);
    assert.deepEqual(await statesIn(folder), []);
  });

  it("tells nobody in an exported state where it was read", async () => {
    const { store, folder } = await makeStore();
    const chain = chainOf(2);
    assert(await store.saveLatest("/one", keyOf(chain), stateAfter(chain), chain));
    const exported = join(folder, "exported");
    await store.exportFile(keyOf(chain), exported);
    const own = await readFile(join(folder, `${keyOf(chain)}.state`), "latin1");
    assert.ok(own.includes('"folder"') && !own.includes("/one"));
    assert.ok(!(await readFile(exported, "latin1")).includes('"folder"'));
  });

  it("takes over a state that was exported elsewhere", async () => {
    const [builder, here] = [await makeStore(), await makeStore()];
    const key = await builder.save(4);
    const exported = join(builder.folder, "from-ci");
    await builder.store.exportFile(key, exported);
    const { state, chain } = await here.store.importFile("folder", exported);
    assert.deepEqual([state.position, chain], [9, chainOf(4)]);
    assert.equal(await restored(here.store), 4);
    assert.equal(await here.store.latest("folder"), key);
  });

  it("refuses to import another model's state, a damaged one, and what is none", async () => {
    const [builder, here] = [await makeStore(), await makeStore({ model: modelNamed("other", "a") })];
    const key = await builder.save(4);
    const path = join(builder.folder, `${key}.state`);
    await assert.rejects(
      here.store.importFile("folder", path),
      /cannot be imported: the model tiny made it, and this is other/,
    );
    await damage(builder.folder, key);
    await assert.rejects(builder.store.importFile("folder", path), /its header is damaged/);
    await assert.rejects(builder.store.importFile("folder", join(builder.folder, "none")), /ENOENT/);
    await assert.rejects(here.store.exportFile(key, path), /There is no saved state/);
    assert.deepEqual(await statesIn(here.folder), []);
  });
});
