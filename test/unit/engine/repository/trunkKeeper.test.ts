import assert from "node:assert/strict";
import { CHUNK_TOKENS } from "../../../../src/engine/decoding/sequence";
import type { LanguageModel } from "../../../../src/engine/model/languageModel";
import { Cancelled, undisturbed } from "../../../../src/engine/modelAccess";
import { ReadingPace } from "../../../../src/engine/readingPace";
import { TrunkKeeper, type TrunkKeeperOptions } from "../../../../src/engine/repository/trunkKeeper";
import { type ChainLink, modelKey } from "../../../../src/engine/stateStore/keys";
import { clocksAt } from "../../../support/clocks";
import { FakeModel } from "../../../support/fakeModel";
import { stoppedAfter } from "../../../support/stoppedAfter";
import { makeStore, removeStores, statesIn } from "../stateStore/states";

const LONG = Array.from({ length: 3 * CHUNK_TOKENS }, () => 1);
const FILES: Readonly<Record<string, readonly number[]>> = { a: [5, 6], b: LONG, c: [7], d: [8], e: LONG };

/** As the folder has them, each with its content: "a1 b1". */
function wanted(files: string) {
  return files.split(" ").map(([path, hash]) => {
    return { path: path!, hash: hash!, tokens: FILES[path!]!.length };
  });
}

describe("TrunkKeeper", () => {
  let model: FakeModel;
  let lm: LanguageModel;
  let forbidden: Set<string>;

  beforeEach(() => {
    model = new FakeModel();
    lm = { model, about: { tokens: { bos: 2 }, trained: {} } } as unknown as LanguageModel;
    forbidden = new Set();
  });

  after(removeStores);

  function keeperWith({ clocks = clocksAt(), ...options }: Partial<TrunkKeeperOptions> = {}): TrunkKeeper {
    return new TrunkKeeper({
      lm,
      pace: new ReadingPace(lm, clocks),
      store: undefined,
      folderId: "folder",
      maxTokens: 10_000,
      clocks,
      tokensOf: async ({ path }: ChainLink) => FILES[path],
      judge: async (files) => ({
        forbidden: new Set(files.map(({ path }) => path).filter((path) => forbidden.has(path))),
        unknown: new Set(),
      }),
      isSettled: () => true,
      onRead: () => {},
      ...options,
    });
  }

  const storeOfModel = () =>
    makeStore({ model: { key: modelKey(lm.about), name: "fake", emptyState: model.emptyState } });

  const read = ({ trunk }: TrunkKeeper) => trunk.files.map(({ path, hash }) => path + hash).join(" ");

  /** What is read while `work` is done. */
  async function tokensReadIn(work: () => Promise<unknown>): Promise<number[]> {
    model.runs.splice(0);
    await work();
    return model.runs.flat();
  }

  it("forgets half a file, too, that may not be known any more", async () => {
    const keeper = keeperWith();
    await assert.rejects(keeper.read(wanted("a1 b1"), stoppedAfter(2)), Cancelled);
    assert.equal(keeper.trunk.underWay?.path, "b");
    await keeper.forgetFiles(forbidden);
    assert.equal(keeper.trunk.underWay?.path, "b");
    forbidden.add("b");
    await keeper.forgetFiles(forbidden);
    assert.equal(keeper.trunk.underWay, undefined);
    assert.equal(read(keeper), "a1");
    assert.deepEqual(await tokensReadIn(() => keeper.read(wanted("a1 b1"), undisturbed)), LONG);
  });

  const REST = LONG.slice(CHUNK_TOKENS);

  it("goes on in the first file where it was in it, also when another one has come before it", async () => {
    const keeper = keeperWith();
    await assert.rejects(keeper.read(wanted("b1"), stoppedAfter(1)), Cancelled);
    const tokens = await tokensReadIn(() => keeper.read(wanted("a1 b1"), undisturbed));
    assert.deepEqual([2, ...LONG].slice(CHUNK_TOKENS).concat(FILES.a!), tokens);
    assert.equal(read(keeper), "b1 a1");
  });

  it("goes on with a new trunk where it was in it", async () => {
    const keeper = keeperWith();
    await keeper.read(wanted("a1 b1 c1"), undisturbed);
    const { state, renewal } = keeper.trunkState;
    await assert.rejects(keeper.read(wanted("a1 c1 b2"), stoppedAfter(2)), Cancelled);
    assert.equal(keeper.trunkState.state, state, "the old one serves");
    const tokens = await tokensReadIn(() => keeper.read(wanted("a1 c1 b2"), undisturbed));
    assert.deepEqual(tokens, REST);
    assert.equal(read(keeper), "a1 c1 b2");
    assert.equal(keeper.trunkState.renewal, renewal + 1);
  });

  for (const [it_, saves] of [
    ["", false],
    [", where the old one is saved", true],
  ] as const) {
    // Large enough that what is saved is looked through when one of them changes.
    const SOURCE = Array.from({ length: 16 * CHUNK_TOKENS }, () => 1);
    const files = (hashes: string) =>
      [...hashes].map((hash, at) => ({ path: String(at), hash, tokens: SOURCE.length }));

    async function sourceKeeper(isSettled: (path: string) => boolean): Promise<TrunkKeeper> {
      const store = saves ? (await storeOfModel()).store : undefined;
      return keeperWith({ store, maxTokens: 100_000, tokensOf: async () => SOURCE, isSettled });
    }

    it(`goes on with a new trunk of which a file has changed meanwhile${it_}`, async () => {
      const keeper = await sourceKeeper(() => true);
      await keeper.read(files("111111"), undisturbed);
      await assert.rejects(keeper.read(files("121112"), stoppedAfter(3 * 16)), Cancelled);
      const tokens = await tokensReadIn(() => keeper.read(files("131112"), undisturbed));
      assert.equal(tokens.length, 3 * SOURCE.length);
      assert.equal(read(keeper), "01 12 21 31 41 13 52");
    });

    it(`goes on with a new trunk also while a file is edited without which the old one would not be too old${it_}`, async () => {
      let edited: string | undefined;
      const keeper = await sourceKeeper((path) => path !== edited);
      await keeper.read(files("111111"), undisturbed);
      await assert.rejects(keeper.read(files("121112"), stoppedAfter(3 * 16)), Cancelled);
      edited = "5";
      const tokens = await tokensReadIn(() => keeper.read(files("121113"), undisturbed));
      assert.equal(tokens.length, 2 * SOURCE.length);
      assert.equal(read(keeper), "01 12 21 31 41 53");
    });
  }

  it("is not renewed where it has all that it should, and that is longer than was estimated", async () => {
    const files = [..."abcd"].map((path) => ({ path, hash: "1", tokens: 250 }));
    const keeper = keeperWith({ maxTokens: 1_000, tokensOf: async () => LONG });
    await keeper.read(files, undisturbed);
    const { renewal } = keeper.trunkState;
    const tokens = await tokensReadIn(() => keeper.read(files, undisturbed));
    assert.deepEqual([tokens.length, keeper.trunkState.renewal], [0, renewal]);
  });

  it("goes back to the old trunk's beginning where the new one leaves more to read by now", async () => {
    const files = (hashes: string) => [...hashes].map((hash, at) => ({ path: String(at), hash, tokens: LONG.length }));
    const keeper = keeperWith({ tokensOf: async () => LONG });
    await keeper.read(files("111111"), undisturbed);
    await assert.rejects(keeper.read(files("121122"), stoppedAfter((3 * LONG.length) / CHUNK_TOKENS)), Cancelled);
    const tokens = await tokensReadIn(() => keeper.read(files("111122"), undisturbed));
    assert.equal(tokens.length, 2 * LONG.length);
    assert.equal(read(keeper), "01 11 21 31 42 52");
  });

  it("forgets what may not be known any more also of a new trunk", async () => {
    for (const [path, again] of [
      ["d", [8, ...LONG]],
      ["e", LONG],
    ] as const) {
      forbidden = new Set();
      const keeper = keeperWith();
      await keeper.read(wanted("a1 b1 c1"), undisturbed);
      await assert.rejects(keeper.read(wanted("a1 c1 d1 e1"), stoppedAfter(3)), Cancelled);
      forbidden.add(path);
      await keeper.forgetFiles(forbidden);
      forbidden.clear();
      const tokens = await tokensReadIn(() => keeper.read(wanted("a1 c1 d1 e1"), undisturbed));
      assert.deepEqual(tokens, again, path);
    }
  });

  it("reads no file of a branch twice that comes back, whatever was read meanwhile", async () => {
    const { store } = await storeOfModel();
    const tokens = Array.from({ length: 2000 }, () => 1);
    const options = { store, maxTokens: 100_000, tokensOf: async () => tokens };
    const keeper = keeperWith(options);
    const branch = (changed: string, paths = "abcdefgh") =>
      [...paths].map((path) => ({ path, hash: changed.includes(path) ? "2" : "1", tokens: tokens.length }));
    const filesReadFor = async (files: ReturnType<typeof branch>, reader = keeper) => {
      const read = await tokensReadIn(() => reader.read(files, undisturbed));
      return Math.floor(read.length / tokens.length);
    };
    assert.equal(await filesReadFor(branch("")), 8);
    const { renewal } = keeper.trunkState;
    assert.equal(await filesReadFor(branch("d")), 1);
    assert.equal(keeper.trunkState.renewal, renewal);
    assert.equal(await filesReadFor(branch("")), 0);
    assert.equal(keeper.trunkState.renewal, renewal + 1);
    assert.equal(read(keeper), "a1 b1 c1 d1 e1 f1 g1 h1");
    assert.equal(await filesReadFor(branch("d")), 0);
    assert.equal(read(keeper), "a1 b1 c1 d1 e1 f1 g1 h1 d2");
    assert.equal(await filesReadFor(branch("c")), 1, "the first branch with one more change");
    assert.equal(await filesReadFor(branch("defg")), 8, "too different to go on from there");
    assert.equal(await filesReadFor(branch("c")), 0);

    const later = keeperWith(options);
    assert.ok(await later.restore(undisturbed, () => true));
    assert.equal(read(later), "a1 b1 c1 d1 e1 f1 g1 h1 c2", "what was taken is what the folder used last");
    forbidden.add("h");
    assert.equal(await filesReadFor(branch("d", "abcdefg"), later), 7, "what is saved has read what may not be known");
  });

  it("looks through the saved states of other branches again once so much has changed that another may serve", async () => {
    const { store } = await storeOfModel();
    let looks = 0;
    const { histories } = store;
    store.histories = (folderId) => {
      looks++;
      return histories.call(store, folderId);
    };
    const files = (hashes: string) =>
      [...hashes].map((hash, at) => ({ path: String(at), hash, tokens: at < 4 ? 1500 : 10 }));
    const keeper = keeperWith({ store, tokensOf: async ({ path }) => Array(Number(path) < 4 ? 1500 : 10).fill(1) });
    for (const [it, hashes, expected] of [
      ["first", "111111", 1],
      ["a file that somebody edits", "111112", 1],
      ["as before", "111112", 1],
      ["two that are long, and so another branch", "112212", 2],
      ["one that is long", "112112", 2],
    ] as const) {
      // It is paused, and tries again with each change.
      await assert.rejects(keeper.read(files(hashes), stoppedAfter(0)), Cancelled);
      assert.equal(looks, expected, it);
    }
  });

  it("leaves one state on the disk for many small edits, each long after the last, and that of a branch when another one comes", async () => {
    const { store, another, folder } = await storeOfModel();
    let now = 0;
    const options = { maxTokens: 100_000, tokensOf: async ({ path }: ChainLink) => Array(sizeOf(path)).fill(1) };
    const sizeOf = (path: string) => (path === "edited" ? 100 : 2000);
    const branch = (edited: string, changed = "") => [
      ...[..."abcdefgh"].map((path) => ({ path, hash: changed.includes(path) ? "2" : "1", tokens: 2000 })),
      { path: "edited", hash: edited, tokens: 100 },
    ];
    const keeper = keeperWith({ store, clocks: clocksAt(() => now), ...options });
    const counts: number[] = [];
    for (const edited of ["1", "2", "3", "4"]) {
      await keeper.read(branch(edited), undisturbed);
      assert.equal(keeper.isSaved, edited === "1", "a few edits can wait");
      now += keeper.saveInMs;
      await keeper.read(branch(edited), undisturbed);
      assert.ok(keeper.isSaved);
      counts.push((await statesIn(folder)).length);
    }
    assert.deepEqual(counts, [1, 2, 2, 2]);
    assert.equal(now, 3 * 1_800_000);
    const later = keeperWith({ store: another(), ...options });
    assert.ok(await later.restore(undisturbed, () => true));
    assert.equal(read(later), read(keeper), "the newest is found after a restart");
    await keeper.read(branch("5"), undisturbed);
    assert.ok(!keeper.isSaved);
    for (const edited of ["6", "7"]) await keeper.read(branch(edited, "abcdefg"), undisturbed);
    const tokens = await tokensReadIn(() => keeper.read(branch("5"), undisturbed));
    assert.equal(tokens.length, 0, "the first branch is there as it was last");
  });

  for (const [it_, failing] of [
    ["cut short", "judge"],
    ["in vain, as the state could not be read", "load"],
  ] as const) {
    it(`makes a look through the saved states again that was ${it_}`, async () => {
      const { store } = await storeOfModel();
      let fails: "judge" | "load" | undefined;
      const { load } = store;
      store.load = async (key) => (fails === "load" ? undefined : load.call(store, key));
      const keeper = keeperWith({
        store,
        maxTokens: 100_000,
        tokensOf: async () => Array(2000).fill(1),
        judge: async () => {
          if (fails === "judge") throw new Cancelled("other files may be read now");
          return { forbidden: new Set(), unknown: new Set() };
        },
      });
      const branch = (changed: string) =>
        [..."abcdefgh"].map((path) => ({ path, hash: path === changed ? "2" : "1", tokens: 2000 }));
      await keeper.read(branch(""), undisturbed);
      await keeper.read(branch("d"), undisturbed);
      fails = failing;
      await assert.rejects(keeper.read(branch(""), stoppedAfter(0)), Cancelled);
      fails = undefined;
      assert.equal((await tokensReadIn(() => keeper.read(branch(""), undisturbed))).length, 0);
    });
  }

  it("keeps what was read while nothing could be written, once it can be", async () => {
    const { store, folder } = await storeOfModel();
    let now = 0;
    const clocks = clocksAt(() => now);
    const keeper = keeperWith({ store, clocks, maxTokens: 100_000, tokensOf: async () => Array(2000).fill(1) });
    const files = (paths: string) => [...paths].map((path) => ({ path, hash: "1", tokens: 2000 }));
    const { saveLatest } = store;
    await keeper.read(files("abcd"), undisturbed);
    store.saveLatest = async () => false;
    await keeper.read(files("abcdefghi"), undisturbed);
    assert.ok(!keeper.isSaved);
    store.saveLatest = saveLatest;
    await keeper.read(files("abcdefghi"), undisturbed);
    assert.ok(keeper.isSaved);
    for (const more of ["j", "jk"]) {
      await keeper.read(files(`abcdefghi${more}`), undisturbed);
      now += keeper.saveInMs;
      await keeper.read(files(`abcdefghi${more}`), undisturbed);
    }
    assert.equal((await statesIn(folder)).length, 3, "of both kept ones, and the last");
  });

  for (const [it_, isRestored, filesSaved] of [
    ["in a window that began with nothing", false, 4],
    ["in the one that goes on from there", true, 8],
  ] as const) {
    it(`saves a first reading after some minutes, ${it_}`, async () => {
      const { store, another } = await storeOfModel();
      const TOKEN_MS = Math.ceil(120_000 / (4 * LONG.length));
      const clocks = clocksAt(() => TOKEN_MS * model.runs.flat().length);
      const options = { clocks, maxTokens: 100_000, tokensOf: async () => LONG };
      const files = Array.from({ length: 40 }, (_, at) => ({ path: String(at), hash: "1", tokens: LONG.length }));
      const readForSomeMinutes = async (keeper: TrunkKeeper) => {
        await keeper.restore(undisturbed, () => true);
        await assert.rejects(keeper.read(files, stoppedAfter((5 * LONG.length) / CHUNK_TOKENS)), Cancelled);
      };
      const before = keeperWith({ store, ...options });
      // A folder may have been empty at first.
      await before.read([], undisturbed);
      await readForSomeMinutes(before);
      if (isRestored) await readForSomeMinutes(keeperWith({ store: another(), ...options }));
      const later = keeperWith({ store: another(), ...options });
      assert.ok(await later.restore(undisturbed, () => true));
      assert.equal(later.trunk.files.length, filesSaved);
    });
  }

  it("uses no saved state that has read what was forbidden while it was loaded", async () => {
    const { store } = await storeOfModel();
    const { load } = store;
    store.load = async (key) => {
      const stored = await load.call(store, key);
      forbidden.add("h");
      return stored;
    };
    const tokens = Array.from({ length: 2000 }, () => 1);
    const options = { store, maxTokens: 100_000, tokensOf: async () => tokens };
    const branch = (paths: string, hash = "1") => [...paths].map((path) => ({ path, hash, tokens: tokens.length }));
    const keeper = keeperWith(options);
    await keeper.read(branch("abcdefgh"), undisturbed);
    await keeper.read([...branch("abcefgh"), ...branch("d", "2")], undisturbed);
    forbidden.clear();
    await keeper.read(branch("abcdefgh"), undisturbed);
    assert.ok(forbidden.has("h"), "the state of the first branch was loaded");
    assert.equal(read(keeper), "a1 b1 c1 d1 e1 f1 g1 h1 d2 d1");
    forbidden.clear();
    const later = keeperWith(options);
    const readAgain = await tokensReadIn(() => later.read(branch("abcdefgh"), undisturbed));
    assert.ok(forbidden.has("h"), "the state with the same beginning was loaded");
    assert.equal(readAgain.length, 1 + 8 * tokens.length, "and <bos>");
  });

  describe("of a slow model", () => {
    const TOKEN_MS = 5;
    const slow = { maxReadMs: TOKEN_MS * 2 * LONG.length, clocks: clocksAt(() => TOKEN_MS * model.runs.flat().length) };
    const wantedLong = (paths: string) => {
      return [...paths].map((path) => ({ path, hash: "1", tokens: LONG.length }));
    };

    it("reads the files that changed last, as many as were measured to be read in time", async () => {
      Object.assign(lm, { tuning: { tokenMs: TOKEN_MS } });
      const keeper = keeperWith({ ...slow, tokensOf: async () => LONG });
      const tokens = await tokensReadIn(() => keeper.read(wantedLong("abcd"), undisturbed));
      assert.equal(tokens.length, 1 + 2 * LONG.length, "and <bos>");
      assert.equal(read(keeper), "c1 d1");
      assert.equal(keeper.freshTokens, 2 * LONG.length);
      await keeper.read(wantedLong("abcde"), undisturbed);
      assert.equal(read(keeper), "c1 d1 e1");
    });

    it("times it once where nothing was measured, and there is something to read", async () => {
      const keeper = keeperWith({ ...slow, tokensOf: async () => LONG });
      await keeper.read([], undisturbed);
      assert.deepEqual(model.runs, []);
      for (const timings of [3, 0]) {
        const tokens = await tokensReadIn(() => keeper.read(wantedLong(timings ? "abcd" : "abcde"), undisturbed));
        const files = timings ? 1 + 2 * LONG.length : LONG.length;
        assert.equal(tokens.length, timings * CHUNK_TOKENS + files);
      }
      assert.equal(read(keeper), "c1 d1 e1");
    });

    it("takes the fastest of the timed runs", async () => {
      const runMs = [900, 100, 700].map((ms) => (ms * CHUNK_TOKENS) / 100);
      const clocks = clocksAt(() => runMs.slice(0, model.runs.length).reduce((a, b) => a + b, 0));
      const keeper = keeperWith({ maxReadMs: 2 * LONG.length, clocks, tokensOf: async () => LONG });
      await keeper.read(wantedLong("abcd"), undisturbed);
      assert.equal(keeper.freshTokens, 2 * LONG.length);
    });

    it("does not time it where it was measured while it waited for the model", async () => {
      const keeper = keeperWith({ ...slow, tokensOf: async () => LONG });
      const measured = { nextRun: async () => void Object.assign(lm, { tuning: { tokenMs: TOKEN_MS } }) };
      const tokens = await tokensReadIn(() => keeper.read(wantedLong("abcd"), measured));
      assert.equal(tokens.length, 1 + 2 * LONG.length);
    });

    it("is read by fewer tokens at once where nothing was measured, as soon as its runs are seen to take long", async () => {
      const pace = new ReadingPace(lm, slow.clocks);
      const keeper = keeperWith({ ...slow, lm: pace.timed(), pace, maxReadMs: undefined, tokensOf: async () => LONG });
      await keeper.read(wantedLong("ab"), undisturbed);
      const lengths = model.runs.map(({ length }) => length);
      assert.deepEqual([lengths[0], lengths.at(-1)], [CHUNK_TOKENS, CHUNK_TOKENS / 4]);
    });

    it("reads all that is set where the user has set it", async () => {
      Object.assign(lm, { tuning: { tokenMs: TOKEN_MS } });
      const keeper = keeperWith({ ...slow, maxReadMs: undefined, tokensOf: async () => LONG });
      await keeper.read(wantedLong("abcd"), undisturbed);
      assert.equal(read(keeper), "a1 b1 c1 d1");
    });
  });

  it("begins with the complete trunk when the window was closed while a new one was being read", async () => {
    const { another } = await storeOfModel();
    let time = 0;
    const opened = () => {
      const clock = () => {
        time += 130_000;
        return time;
      };
      return keeperWith({ store: another(), clocks: clocksAt(clock) });
    };
    const before = opened();
    await before.read(wanted("a1 b1 c1 d1"), undisturbed);
    await assert.rejects(before.read(wanted("a1 c1 b2 d1"), stoppedAfter(2)), Cancelled);
    const after = opened();
    assert.ok(await after.restore(undisturbed, () => true));
    assert.equal(read(after), "a1 b1 c1 d1");
    const tokens = await tokensReadIn(() => after.read(wanted("a1 c1 b2 d1"), undisturbed));
    assert.deepEqual(tokens, [...LONG, ...FILES.d!], "what was read of the new one is found");
    const last = opened();
    assert.ok(await last.restore(undisturbed, () => true));
    assert.equal(read(last), "a1 c1 b2 d1");
  });
});
