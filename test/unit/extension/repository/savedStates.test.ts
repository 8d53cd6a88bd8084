import assert from "node:assert/strict";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { EngineClient } from "../../../../src/extension/engineProcess/engineClient";
import { describeCleared, removeSavedStates } from "../../../../src/extension/repository/savedStates";
import { FakeEngineLink } from "../../../support/fakeEngineLink";
import { FakeLog } from "../../../support/fakeLog";
import { useTemporaryFolder } from "../../../support/temporaryFolder";
import { chainOf, keyOf, makeStore, removeStores, stateAfter } from "../../engine/stateStore/states";

const CHAIN = chainOf(4);
const KEY = keyOf(CHAIN);
/** What the engine answers. */
const ANSWER = { bytes: 7, problem: "1 file stays." };

/** An engine that is not there, that goes when it is asked, or that answers. */
function engineThat(does: "isNotThere" | "goes" | "answers"): EngineClient {
  const link = new FakeEngineLink(does !== "isNotThere");
  const client = new EngineClient(link);
  setImmediate(() => {
    if (does === "goes") link.onGone.fire("The engine ended.");
    if (does === "answers")
      link.onMessage.fire({ type: "result", of: "clearStates", id: 1, result: { type: "success", ...ANSWER } });
  });
  return client;
}

describe("removing saved states", () => {
  const at = useTemporaryFolder();
  after(removeStores);

  for (const does of ["isNotThere", "goes"] as const) {
    it(`works with an engine that ${does}`, async () => {
      const { store, folder } = await makeStore();
      await store.saveLatest("/repo", KEY, stateAfter(CHAIN), CHAIN);
      await writeFile(join(folder, "notes.txt"), "the user's own");
      assert.ok((await removeSavedStates(engineThat(does), folder, new FakeLog())).bytes > 300);
      assert.deepEqual(await readdir(folder), ["notes.txt"]);
    });
  }

  it("leaves it to an engine that runs", async () => {
    const { store, folder } = await makeStore();
    await store.save(KEY, stateAfter(CHAIN), CHAIN, "/repo");
    assert.deepEqual(await removeSavedStates(engineThat("answers"), folder, new FakeLog()), ANSWER);
    assert.ok(await store.has(KEY));
  });

  it("costs another window's engine nothing but what it would have found", async () => {
    const { store, folder } = await makeStore();
    await store.saveLatest("/repo", KEY, stateAfter(CHAIN), CHAIN);
    await removeSavedStates(engineThat("isNotThere"), folder, new FakeLog());
    assert.equal(await store.setLatest("/repo", KEY), false);
    assert.ok(await store.saveLatest("/repo", KEY, stateAfter(CHAIN), CHAIN));
    assert.equal(await store.latest("/repo"), KEY);
  });

  it("has nothing to do where nothing was saved", async () => {
    assert.deepEqual(await removeSavedStates(engineThat("isNotThere"), at("none"), new FakeLog()), { bytes: 0 });
  });

  it("takes one workspace's alone without an engine, too", async () => {
    const { store, another, folder } = await makeStore();
    await store.saveLatest("/repo", KEY, stateAfter(CHAIN), CHAIN);
    const others = chainOf(2);
    await another().saveLatest("/other", keyOf(others), stateAfter(others), others);
    const { bytes } = await removeSavedStates(engineThat("isNotThere"), folder, new FakeLog(), ["/repo"]);
    assert.ok(bytes > 300);
    assert.deepEqual([await store.latest("/repo"), await store.latest("/other")], [undefined, keyOf(others)]);
    assert.ok(await store.has(keyOf(others)));
  });

  it("is told in words", () => {
    const freed = "The saved states of all repositories are removed; 212 MB was freed.";
    assert.equal(describeCleared({ bytes: 212e6 }, "all repositories"), freed);
    assert.equal(describeCleared({ bytes: 0 }, "this workspace"), "No state of this workspace was saved.");
    const problem = { bytes: 7e6, problem: "1 file stays." };
    assert.equal(describeCleared(problem, "this workspace"), "7 MB was freed. 1 file stays.");
  });

  it("tells what stays, and what to do", async () => {
    const { store, folder } = await makeStore();
    await store.save(KEY, stateAfter(CHAIN), CHAIN, "/repo");
    const stubborn = `${"0".repeat(64)}.state`;
    await mkdir(join(folder, stubborn)); // No system removes a folder as a file.
    const log = new FakeLog();
    const { bytes, problem } = await removeSavedStates(engineThat("isNotThere"), folder, log);
    assert.deepEqual(await readdir(folder), [stubborn]);
    assert.ok(bytes > 300);
    assert.match(problem!, /^1 file in .* could not be removed\. Allow writing there/);
    assert.match(log.lines.join(), /A saved state cannot be removed: .*0000\.state/);
  });
});
