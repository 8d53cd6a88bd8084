import assert from "node:assert/strict";
import { renamePatiently } from "../../../src/machine/renamePatiently";

/** Refuses as Windows does, so many times. */
function refusing(times: number, code = "EPERM") {
  const tried: string[] = [];
  const rename = async (from: unknown): Promise<void> => {
    tried.push(String(from));
    if (tried.length <= times) throw Object.assign(new Error(code), { code });
  };
  return { rename, tried };
}

describe("a rename of what was just written", () => {
  it("waits until others let go of it", async () => {
    const { rename, tried } = refusing(2);
    await renamePatiently("a", "b", { rename });
    assert.equal(tried.length, 3);
  });

  it("does not wait where waiting does not help, nor for ever", async () => {
    const full = refusing(Number.POSITIVE_INFINITY, "ENOSPC");
    await assert.rejects(renamePatiently("a", "b", { rename: full.rename }), { code: "ENOSPC" });
    assert.equal(full.tried.length, 1);
    const held = refusing(Number.POSITIVE_INFINITY);
    await assert.rejects(renamePatiently("a", "b", { rename: held.rename, patienceMs: 100 }), { code: "EPERM" });
    assert.equal(held.tried.length, 2);
  });

  it("stops waiting when told to", async () => {
    const { rename } = refusing(Number.POSITIVE_INFINITY);
    const controller = new AbortController();
    const waiting = renamePatiently("a", "b", {
      patienceMs: Number.POSITIVE_INFINITY,
      signal: controller.signal,
      rename: async (from) => {
        controller.abort(new Error("stopped"));
        return rename(from);
      },
    });
    await assert.rejects(waiting, /^Error: stopped$/);
  });
});
