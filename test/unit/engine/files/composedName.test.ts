// Names on a Mac. What the disk there gives is not what the user's other programs give.

import assert from "node:assert/strict";
import { changedFiles } from "../../../../src/engine/files/changedFiles";
import { composedBytes, composedName } from "../../../../src/engine/files/composedName";
import { useTemporaryTree } from "./temporaryTree";

const COMPOSED = "caf\u00e9.ts";
const DECOMPOSED = "cafe\u0301.ts";
const bytesOf = (text: string) => Buffer.from(text, "utf8").toString("latin1");

describe("a name with an accent", () => {
  it("is one name on a Mac, and two elsewhere", () => {
    assert.equal(composedName(DECOMPOSED, "darwin"), COMPOSED);
    assert.equal(composedName(DECOMPOSED, "linux"), DECOMPOSED);
    assert.equal(composedBytes(bytesOf(DECOMPOSED), "darwin"), bytesOf(COMPOSED));
    assert.equal(composedBytes(bytesOf(DECOMPOSED), "linux"), bytesOf(DECOMPOSED));
    const noUtf8 = `${bytesOf(DECOMPOSED)}\xff`;
    assert.equal(composedBytes(noUtf8, "darwin"), noUtf8);
  });

  describe("on a Mac", () => {
    const { platform } = process;
    const tree = useTemporaryTree();
    beforeEach(() => {
      Object.defineProperty(process, "platform", { value: "darwin" });
    });
    afterEach(() => {
      Object.defineProperty(process, "platform", { value: platform });
    });

    for (const pattern of [COMPOSED, DECOMPOSED]) {
      it(`is ignored however it is written: ${JSON.stringify(pattern)}`, async () => {
        tree.add({ ".gitignore": `/a/${pattern}\n` });
        const rules = await tree.rules({ exclude: [`/b/${pattern}`] });
        for (const name of [COMPOSED, DECOMPOSED]) {
          assert.equal(await rules.refusal(`a/${name}`), "ignored");
          assert.equal(await rules.refusal(`b/${name}`), "excluded");
        }
      });
    }

    it("is known by one name when it changes", async () => {
      const rules = await tree.rules();
      const { removed } = await changedFiles(tree.path, rules, [tree.at(DECOMPOSED), tree.at(COMPOSED)]);
      assert.deepEqual(removed, [COMPOSED]);
    });
  });
});
