import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import allFiles, * as nodeFiles from "node:fs/promises";
import { mkdir, readdir, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Files } from "../../../../src/machine/wholeFile";
import { withReplaced } from "../../../support/replaced";
import { chainOf, keyOf, MODEL, makeStore, removeStores, stateAfter, statesIn } from "./states";

const CHAIN = chainOf(4);
const KEY = keyOf(CHAIN);
const SECONDS_PER_DAY = 24 * 3600;

/** Real files, with some calls replaced. */
function filesWith(changes: Partial<Files>): Files {
  return { ...nodeFiles, ...changes };
}

function failure(code: string): Error {
  return Object.assign(new Error(`${code}: as the test wants it`), { code });
}

/** Files on a disk with room for `bytes` more. */
function almostFull(bytes: number, code = "ENOSPC"): Files {
  let room = bytes;
  return filesWith({
    open: async (...parameters) => {
      const file = await nodeFiles.open(...parameters);
      const write = file.writeFile.bind(file);
      file.writeFile = async (data) => {
        room -= (data as Uint8Array).length;
        if (room < 0) throw failure(code);
        await write(data);
      };
      return file;
    },
  });
}

/** Makes a file look as if it was last used that long ago. */
async function age(folder: string, key: string, seconds: number): Promise<void> {
  const at = Date.now() / 1000 - seconds;
  await utimes(join(folder, `${key}.state`), at, at);
}

/** Makes all folders look as if they were last opened that long ago. */
async function agePointers(folder: string, seconds: number): Promise<void> {
  const at = Date.now() / 1000 - seconds;
  for (const name of await readdir(folder)) if (name.startsWith("latest-")) await utimes(join(folder, name), at, at);
}

/** The id of a process that has ended. */
function deadPid(): number {
  return spawnSync(process.execPath, ["--version"]).pid;
}

describe("the folder of states", () => {
  after(removeStores);

  it("can be read by nobody else", async function () {
    if (process.platform === "win32") this.skip();
    const { store, save, folder } = await makeStore();
    await store.setLatest("/one", await save(4));
    assert.equal((await stat(folder)).mode & 0o777, 0o700);
    const names = await readdir(folder);
    assert.equal(names.length, 2);
    for (const name of names) assert.equal((await stat(join(folder, name))).mode & 0o777, 0o600, name);
  });

  it("tells no path of the workspace in its names", async () => {
    const { store, save, folder } = await makeStore();
    await store.setLatest("/home/someone/secret-project", await save(4));
    assert.doesNotMatch((await readdir(folder)).join(), /secret|src/);
  });

  for (const code of ["EPERM", "EACCES", "EBUSY"]) {
    it(`keeps a state also when a virus scanner has its new file open for a moment (${code})`, async () => {
      let tries = 0;
      const files = filesWith({
        rename: async (from, to) => {
          if (++tries < 3) throw failure(code);
          await nodeFiles.rename(from, to);
        },
      });
      const { save, folder } = await makeStore({ files });
      await save(4);
      assert.deepEqual(await statesIn(folder), [KEY]);
      assert.equal(tries, 3);
    });
  }

  const problems: Record<string, RegExp> = {
    ENOSPC: /the disk of .*states is full\. Make room there\./,
    EDQUOT: /is full/,
    EIO: /writing to .*states failed \(EIO: as the test wants it\)\. Check the disk\./,
  };
  for (const [code, sentence] of Object.entries(problems)) {
    for (const bytes of [0, 100, 500]) {
      it(`says once that it cannot write (${code}, after ${bytes} bytes), and leaves nothing behind`, async () => {
        const { store, another, folder, lines } = await makeStore({ files: almostFull(bytes, code) });
        for (const _ of "twice") assert.equal(await store.saveLatest("/one", KEY, stateAfter(CHAIN), CHAIN), false);
        assert.equal(lines.length, 1);
        assert.match(lines[0]!, sentence);
        assert.deepEqual(await readdir(folder), []);
        assert(await another({ files: nodeFiles }).save(KEY, stateAfter(CHAIN), CHAIN, "/one"));
      });
    }
  }

  it("writes nothing to a disk that was full before there is room again", async () => {
    let opened = 0;
    let isFull = true;
    const files = filesWith({
      open: async (...parameters) => {
        opened++;
        if (isFull) throw failure("ENOSPC");
        return nodeFiles.open(...parameters);
      },
    });
    const { store, folder } = await makeStore({ files });
    const save = () => store.saveLatest("/one", KEY, stateAfter(CHAIN), CHAIN);
    assert.equal(await save(), false);
    const statfs = (async () => ({ bavail: 1, bsize: 512 })) as unknown as typeof nodeFiles.statfs;
    await withReplaced(allFiles, { statfs }, async () => {
      for (const _ of "twice") assert.equal(await save(), false);
    });
    assert.equal(opened, 1);
    isFull = false;
    assert.ok(await save());
    assert.deepEqual(await statesIn(folder), [KEY]);
  });

  it("says why a state cannot be exported", async () => {
    const { another, save, folder } = await makeStore();
    const key = await save(4);
    const exported = join(folder, "exported");
    await assert.rejects(another({ files: almostFull(100) }).exportFile(key, exported), {
      message: `The state cannot be exported to ${exported}: its disk is full. Make room there.`,
    });
    await assert.rejects(
      another().exportFile(key, join(folder, "nowhere", "exported")),
      /^Error: The state cannot be exported to .*exported: ENOENT.*\.$/,
    );
  });

  for (const code of ["EACCES", "EPERM", "EROFS"]) {
    it(`says that it may not write (${code})`, async () => {
      const files = filesWith({ mkdir: () => Promise.reject<never>(failure(code)) });
      const { store, lines } = await makeStore({ files });
      assert.equal(await store.save(KEY, stateAfter(CHAIN), CHAIN, "/one"), false);
      assert.match(lines.join(), /states may not be written\. Allow it, or choose another folder\./);
    });
  }

  it("is read where it cannot be written", async () => {
    const { save, another, lines } = await makeStore();
    const key = await save(4);
    const no = () => Promise.reject<never>(failure("EROFS"));
    const store = another({ files: filesWith({ utimes: no, unlink: no, rename: no, mkdir: no }), budgetBytes: 0 });
    assert.equal((await store.restore(CHAIN))?.key, key);
    await store.prune();
    assert.match(lines.join(), /^warn: A saved state cannot be removed: EROFS/);
    const { bytes, problem } = await store.clear();
    assert.equal(bytes, 0);
    assert.match(problem!, /^1 file in .* could not be removed\. Allow/);
  });

  it("is safe on the disk before it has its name", async () => {
    const done: string[] = [];
    const files = filesWith({
      open: async (...parameters) => {
        const file = await nodeFiles.open(...parameters);
        const sync = file.sync.bind(file);
        file.sync = async () => {
          await sync();
          done.push("safe");
        };
        return file;
      },
      rename: async (from, to) => {
        await nodeFiles.rename(from, to);
        done.push("named");
      },
    });
    await makeStore({ files }).then(({ save }) => save(4));
    assert.deepEqual(done.slice(0, 2), ["safe", "named"]);
  });

  it("says so when it cannot even be listed for clearing", async () => {
    const { another, folder } = await makeStore();
    const store = another({ files: filesWith({ readdir: () => Promise.reject<never>(failure("EACCES")) }) });
    const problem = `${folder} cannot be read (EACCES), so what is saved there stays. Allow it, then clear again.`;
    assert.deepEqual(await store.clear(), { bytes: 0, problem });
  });

  it("says so when a state is taken over and cannot be remembered as its folder's", async () => {
    const { store, another, folder } = await makeStore();
    await store.save(KEY, stateAfter(CHAIN), CHAIN, "/one");
    const exported = join(folder, "exported");
    await store.exportFile(KEY, exported);
    const rename: Files["rename"] = async (from, to) => {
      if (String(to).includes("latest-")) throw failure("EACCES");
      await nodeFiles.rename(from, to);
    };
    const taking = another({ files: filesWith({ rename }) }).importFile("folder", exported);
    await assert.rejects(taking, /may not be written. Allow it, or choose another folder/);
  });

  it("survives that another window clears it during a save", async () => {
    const clearing = await makeStore();
    const files = filesWith({
      rename: async (from, to) => {
        await clearing.store.clear();
        await nodeFiles.rename(from, to);
      },
    });
    assert.equal(await clearing.another({ files }).save(KEY, stateAfter(CHAIN), CHAIN, "/one"), false);
    assert.match(clearing.lines.join(), /was removed or emptied meanwhile/);
    assert.deepEqual(await readdir(clearing.folder), []);
  });

  it("loses the least recently used states beyond its budget", async () => {
    const { store, another, save, folder } = await makeStore();
    const keys: string[] = [];
    for (let files = 0; files < 6; files++) keys.push(await save(files));
    for (const [i, key] of keys.entries()) await age(folder, key, 1000 - i);
    await store.load(keys[1]!);
    const sizeOf = async (key: string) => (await stat(join(folder, `${key}.state`))).size;
    const budgetBytes = (await sizeOf(keys[1]!)) + (await sizeOf(keys[4]!)) + (await sizeOf(keys[5]!));
    await another({ budgetBytes }).prune();
    assert.deepEqual(await statesIn(folder), [keys[1], keys[4], keys[5]].sort());
  });

  it("keeps what a folder used within a day, whatever the budget", async () => {
    const { store, another, save, folder } = await makeStore();
    const [two, four] = [await save(2), await save(4)];
    await store.setLatest("/one", two);
    await age(folder, two, 60 * SECONDS_PER_DAY);
    await another({ budgetBytes: 0 }).prune();
    assert.deepEqual([await store.has(two), await store.has(four)], [true, false]);
    await agePointers(folder, 2 * SECONDS_PER_DAY);
    await another({ budgetBytes: 0 }).prune();
    assert.equal(await store.has(two), false, "many folders that were opened once must not fill the disk");
  });

  it("loses what a folder used within a month after everything else, and what was used longer ago like all others", async () => {
    const { store, another, save, folder } = await makeStore();
    const [two, four] = [await save(2), await save(4)];
    await store.setLatest("/one", two);
    await age(folder, two, 2 * SECONDS_PER_DAY);
    const { size: budgetBytes } = await stat(join(folder, `${four}.state`));
    await agePointers(folder, 2 * SECONDS_PER_DAY);
    await another({ budgetBytes }).prune();
    assert.deepEqual([await store.has(two), await store.has(four)], [true, false]);
    await save(4);
    await agePointers(folder, 31 * SECONDS_PER_DAY);
    await another({ budgetBytes }).prune();
    assert.deepEqual([await store.has(two), await store.has(four)], [false, true]);
  });

  for (const moment of ["before its name goes", "after its name went"]) {
    it(`gives back a state that another window chooses while it is being removed (${moment})`, async () => {
      const { store, another, save } = await makeStore({ budgetBytes: 0 });
      const key = await save(4);
      const results: boolean[] = [];
      const choose = async () => {
        if (results.length === 0) results.push(await store.setLatest("/one", key));
      };
      const files = filesWith({
        rename: async (from, to) => {
          if (moment.startsWith("before")) await choose();
          await nodeFiles.rename(from, to);
          if (moment.startsWith("after")) await choose();
        },
      });
      await another({ files }).prune();
      assert.deepEqual(results, [moment.startsWith("before")]);
      assert.equal(await store.has(key), true, moment);
    });
  }

  it("says when another window removed a state in the moment in which it was chosen", async () => {
    const { another, save } = await makeStore({ budgetBytes: 0 });
    const key = await save(4);
    const files = filesWith({
      rename: async (from, to) => {
        await another().prune();
        await nodeFiles.rename(from, to);
      },
    });
    assert.equal(await another({ files }).setLatest("/one", key), false);
  });

  it("holds what windows were promised, while others remove all that they may", async () => {
    const { another, folder } = await makeStore({ budgetBytes: 0 });
    const promised = new Map<string, string>();
    await Promise.all(
      ["/one", "/two", "/three"].map(async (folderId, window) => {
        const store = another();
        for (let round = 0; round < 15; round++) {
          const chain = chainOf((7 * round + 3 * window) % 5);
          const isPromised = await store.saveLatest(folderId, keyOf(chain), stateAfter(chain), chain);
          if (isPromised) promised.set(folderId, keyOf(chain));
          else promised.delete(folderId);
          await store.prune();
        }
      }),
    );
    await another().prune();
    for (const [folderId, key] of promised) assert.equal((await another().restoreLatest(folderId))?.key, key);
    assert(promised.size > 0);
    const names = await readdir(folder);
    assert.deepEqual(
      names.filter((name) => !/\.(state|json)$/.test(name)),
      [],
    );
  });

  it("is freed from what dead processes left behind, and from nothing else", async () => {
    const { store, save, folder } = await makeStore();
    const [two, four] = [await save(2), await save(4)];
    await store.setLatest("/one", four);
    const [dead, alive] = [deadPid(), process.pid];
    const stays = [`x.${alive}.00000001.tmp`, "y.tmp", "notes.txt"];
    const goes = [`x.${dead}.00000002.tmp`, `${two}.state.${dead}.00000003.removed`, `z.${dead}.00000004.removed`];
    for (const name of [...stays, ...goes]) await writeFile(join(folder, name), "");
    const old = `x.${alive}.00000005.tmp`;
    await writeFile(join(folder, old), "");
    await utimes(join(folder, old), 1, 1);
    await nodeFiles.rename(join(folder, `${four}.state`), join(folder, `${four}.state.${dead}.00000006.removed`));
    await store.prune();
    const names = (await readdir(folder)).filter((name) => !name.startsWith("latest-"));
    assert.deepEqual(names.sort(), [...stays, `${two}.state`, `${four}.state`].sort());
  });

  it("is freed from the notes of folders that nobody has opened for a month and whose states have gone", async () => {
    const { store, another, save, folder } = await makeStore();
    await store.setLatest("/one", await save(2));
    await store.setLatest("/two", await save(4));
    const pointers = async () => (await readdir(folder)).filter((name) => name.startsWith("latest-")).length;
    await agePointers(folder, 31 * SECONDS_PER_DAY);
    await store.prune();
    assert.equal(await pointers(), 2, "their states are there");
    await another({ budgetBytes: 0 }).prune();
    await store.setLatest("/three", await save(1));
    await store.prune();
    assert.equal(await pointers(), 1);
  });

  it("is pruned without looking again for each state which of them are in use", async () => {
    const { store, another, save, folder } = await makeStore();
    const folders = ["/one", "/two", "/three", "/four", "/five"];
    for (const [files, name] of folders.entries()) await store.setLatest(name, await save(files));
    let looked = 0;
    const readdir: Files["readdir"] = (async (path: string) => {
      looked++;
      return nodeFiles.readdir(path);
    }) as Files["readdir"];
    await another({ files: filesWith({ readdir }), budgetBytes: 0 }).prune();
    assert.ok(looked < 10, `${looked} times`);
    assert.equal((await statesIn(folder)).length, folders.length);
  });

  it("is cleared of all that is the store's", async () => {
    const { store, save, folder } = await makeStore();
    await store.setLatest("/one", await save(4));
    const unfinished = `${MODEL.key}.state.${process.pid}.00000001.tmp`;
    for (const name of [unfinished, "notes.txt"]) await writeFile(join(folder, name), "12345");
    await mkdir(join(folder, "kept"));
    const sizes = await Promise.all((await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size));
    const { bytes, problem } = await store.clear();
    assert.deepEqual((await readdir(folder)).sort(), ["kept", "notes.txt"]);
    const left = 5 + (await stat(join(folder, "kept"))).size;
    assert.equal(problem, undefined);
    assert.equal(bytes, sizes.reduce((sum, bytes) => sum + bytes, 0) - left);
  });

  it("ignores a pointer that says nothing", async () => {
    const { store, save, folder } = await makeStore();
    const key = await save(4);
    await store.setLatest("/one", key);
    const pointer = (await readdir(folder)).find((name) => name.startsWith("latest-"))!;
    for (const text of ["", "{", "null", '{"keys":3}', '{"keys":["../../etc/passwd", 4]}']) {
      await writeFile(join(folder, pointer), text);
      assert.equal(await store.latest("/one"), undefined);
      await store.prune();
    }
    assert(await store.setLatest("/one", key));
    assert.equal(await store.latest("/one"), key);
  });
});
