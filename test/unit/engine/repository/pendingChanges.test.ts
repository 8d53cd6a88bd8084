import assert from "node:assert/strict";
import { PendingChanges } from "../../../../src/engine/repository/pendingChanges";

describe("PendingChanges", () => {
  /** What is looked at, as text. */
  async function taken(pending: PendingChanges): Promise<string> {
    let text = "";
    await pending.take(async (paths, isAny) => {
      text = [...paths, ...(isAny ? ["any"] : [])].join(" ");
    });
    return text;
  }

  it("begin with everything, and are looked at once", async () => {
    const pending = new PendingChanges();
    assert.equal(await taken(pending), "any");
    pending.add(["a", "b"]);
    pending.add(["a"]);
    assert.ok(pending.hasPaths);
    assert.equal(await taken(pending), "a b");
    assert.equal(await taken(pending), "");
    pending.addAny();
    assert.equal(await taken(pending), "any");
  });

  it("may be looked at by name alone; what is not known by name waits", async () => {
    const pending = new PendingChanges();
    pending.add(["a"]);
    await pending.takePaths(async (paths) => assert.deepEqual(paths, ["a"]));
    assert.equal(await taken(pending), "any");
  });

  for (const take of ["take", "takePaths"] as const) {
    it(`are everything when a look is cut short, and keep what comes meanwhile (${take})`, async () => {
      const pending = new PendingChanges();
      await taken(pending);
      pending.add(["a"]);
      const look = async () => {
        pending.add(["b"]);
        throw new Error("cut short");
      };
      await assert.rejects(pending[take](look), /cut short/);
      assert.equal(await taken(pending), "b any");
    });
  }
});
