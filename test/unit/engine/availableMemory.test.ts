import assert from "node:assert/strict";
import { availableMemoryBytes, type MemorySystem } from "../../../src/engine/availableMemory";

/** The beginning of what vm_stat prints. */
const VM_STAT = `Mach Virtual Memory Statistics: (page size of 16384 bytes)
Pages free:                                5000.
Pages active:                            400000.
Pages inactive:                          350000.
Pages speculative:                        45000.
Pages throttled:                              0.
Pages wired down:                        150000.
Pages purgeable:                           9000.
"Translation faults":                 123456789.
`;
const FREE = 300_000_000;

const system = (change: Partial<MemorySystem>): MemorySystem => ({
  platform: "darwin",
  freeBytes: () => FREE,
  pageCounts: async () => VM_STAT,
  ...change,
});

describe("available memory", () => {
  it("is on macOS also what holds files and can go", async () => {
    assert.equal(await availableMemoryBytes(system({})), 400_000 * 16_384);
  });

  it("is on macOS what is free, when nothing more can be found out", async () => {
    const failing = async () => Promise.reject(new Error("spawn /usr/bin/vm_stat ENOENT"));
    assert.equal(await availableMemoryBytes(system({ pageCounts: failing })), FREE);
    assert.equal(await availableMemoryBytes(system({ pageCounts: async () => "Pages free: none." })), FREE);
  });

  it("is elsewhere what the system says", async () => {
    for (const platform of ["linux", "win32"] as const) {
      assert.equal(await availableMemoryBytes(system({ platform })), FREE);
    }
  });

  it("is found out on this machine", async () => {
    assert.ok((await availableMemoryBytes()) > 0);
  });
});
