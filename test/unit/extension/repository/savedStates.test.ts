import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Emitter } from "../../../../src/extension/emitter";
import { EngineClient } from "../../../../src/extension/engineClient";
import { removeSavedStates } from "../../../../src/extension/repository/savedStates";
import type { EngineMessage } from "../../../../src/protocol/engine";
import { FakeLog } from "../../../support/fakeLog";
import { chainOf, keyOf, makeStore, removeStores, stateAfter } from "../../engine/stateStore/states";

const CHAIN = chainOf(4);
const KEY = keyOf(CHAIN);

/** An engine that is not there, that goes when it is asked, or that answers. */
function engineThat(does: "isNotThere" | "goes" | "answers"): EngineClient {
  const link = {
    onMessage: new Emitter<EngineMessage>(),
    onGone: new Emitter<string>(),
    send: () => does !== "isNotThere",
  };
  const client = new EngineClient(link);
  setImmediate(() => {
    if (does === "goes") link.onGone.fire("The engine ended.");
    if (does === "answers")
      link.onMessage.fire({ type: "clearStatesResult", id: 1, result: { type: "success", bytes: 7 } });
  });
  return client;
}

describe("removing saved states", () => {
  after(removeStores);

  for (const does of ["isNotThere", "goes"] as const) {
    it(`works with an engine that ${does}`, async () => {
      const { store, folder } = await makeStore();
      await store.saveLatest("/repo", KEY, stateAfter(CHAIN), CHAIN);
      await writeFile(join(folder, "notes.txt"), "the user's own");
      assert.ok((await removeSavedStates(engineThat(does), folder, new FakeLog())) > 1000);
      assert.deepEqual(await readdir(folder), ["notes.txt"]);
    });
  }

  it("leaves it to an engine that runs", async () => {
    const { store, folder } = await makeStore();
    await store.save(KEY, stateAfter(CHAIN), CHAIN);
    assert.equal(await removeSavedStates(engineThat("answers"), folder, new FakeLog()), 7);
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
    const folder = await mkdtemp(join(tmpdir(), "griffin-none-"));
    await rm(folder, { recursive: true });
    assert.equal(await removeSavedStates(engineThat("isNotThere"), folder, new FakeLog()), 0);
  });
});
