import assert from "node:assert/strict";
import type { LanguageModel } from "../../../../src/engine/languageModel";
import { TrunkKeeper } from "../../../../src/engine/repository/trunkKeeper";
import { CHUNK_TOKENS } from "../../../../src/engine/sequence";
import type { ChainLink } from "../../../../src/engine/stateStore/keys";
import { Cancelled, undisturbed } from "../../../../src/engine/turn";
import { FakeModel } from "../../../support/fakeModel";

const LONG = Array.from({ length: 3 * CHUNK_TOKENS }, () => 1);
const FILES = { a: [5, 6], b: LONG };
const WANTED = Object.entries(FILES).map(([path, { length }]) => {
  return { path, hash: "1", tokens: length, isSettled: true };
});

describe("TrunkKeeper", () => {
  it("forgets half a file, too, that may not be known any more", async () => {
    const forbidden = new Set<string>();
    const model = new FakeModel();
    const keeper = new TrunkKeeper({
      lm: { model, about: { tokens: { bos: 2 } } } as unknown as LanguageModel,
      store: undefined,
      folderId: "folder",
      maxTokens: 10_000,
      now: () => 0,
      tokensOf: async ({ path }: ChainLink) => FILES[path as keyof typeof FILES],
      forbiddenAmong: async (files) => ({
        forbidden: new Set(files.map(({ path }) => path).filter((path) => forbidden.has(path))),
        doubtful: new Set(),
      }),
      onRead: () => {},
    });
    let turns = 0;
    const next = async () => {
      if (++turns > 2) throw new Cancelled("enough");
    };
    await assert.rejects(keeper.read(WANTED, { next }), Cancelled);
    assert.equal(keeper.trunk.underWay?.path, "b");
    await keeper.forgetForbidden(new Set());
    assert.equal(keeper.trunk.underWay?.path, "b");
    forbidden.add("b");
    await keeper.forgetForbidden(new Set());
    assert.equal(keeper.trunk.underWay, undefined);
    assert.deepEqual(
      keeper.trunk.files.map(({ path }) => path),
      ["a"],
    );
    model.runs.splice(0);
    await keeper.read(WANTED, undisturbed);
    assert.deepEqual(model.runs.flat(), LONG);
  });
});
