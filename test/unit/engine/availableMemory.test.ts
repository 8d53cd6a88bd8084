import assert from "node:assert/strict";
import { availableMemoryBytes, type MemorySystem, totalMemoryBytes } from "../../../src/engine/availableMemory";

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
  unusedBytes: () => 2 * FREE,
  cachedBytes: async () => 0,
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

  const GB = 1e9;
  function check(what: string, change: Partial<MemorySystem>, expected: number) {
    it(what, async () => {
      const container = { freeBytes: () => 20 * GB, unusedBytes: () => GB, cachedBytes: async () => 2 * GB };
      assert.equal(await availableMemoryBytes(system({ platform: "linux", ...container, ...change })), expected);
    });
  }
  check("is in a container what its limit leaves, with the files that it holds", {}, 3 * GB);
  check("is there no more than the machine has", { freeBytes: () => 2 * GB }, 2 * GB);
  const unknown = async () => Promise.reject(new Error("ENOENT: /sys/fs/cgroup/memory.stat"));
  check("is there what Node says when nothing more can be found out", { cachedBytes: unknown }, GB);

  it("is found out on this machine", async () => {
    assert.ok((await availableMemoryBytes()) > 0);
  });
});

describe("all memory", () => {
  it("is what a container's limit allows, where there is one", () => {
    assert.equal(totalMemoryBytes(16e9, 4e9), 4e9);
    for (const none of [0, 2 ** 64]) assert.equal(totalMemoryBytes(16e9, none), 16e9);
  });
});
