import assert from "node:assert/strict";
import { availableMemoryBytes, type MemorySystem, totalMemoryBytes } from "../../../src/machine/availableMemory";

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
  readText: fileSystem({}),
  pageCounts: async () => VM_STAT,
  ...change,
});

function fileSystem(files: Readonly<Record<string, string>>): MemorySystem["readText"] {
  return async (path) => {
    const text = files[path];
    if (text === undefined) throw new Error(`ENOENT: ${path}`);
    return text;
  };
}

describe("available memory", () => {
  it("is on macOS also what holds files and can go", async () => {
    assert.equal(await availableMemoryBytes(system({})), 400_000 * 16_384);
  });

  it("is on macOS what is free, when nothing more can be found out", async () => {
    const failing = async () => Promise.reject(new Error("spawn /usr/bin/vm_stat ENOENT"));
    assert.equal(await availableMemoryBytes(system({ pageCounts: failing })), FREE);
    assert.equal(await availableMemoryBytes(system({ pageCounts: async () => "Pages free: none." })), FREE);
  });

  for (const platform of ["linux", "win32"] as const) {
    it(`is elsewhere what the system says (${platform})`, async () => {
      assert.equal(await availableMemoryBytes(system({ platform })), FREE);
    });
  }

  const GB = 1e9;
  /** What version 2 says. */
  const stat = (bytes: number) => `anon 1\nfile 2\ninactive_file ${bytes}\nactive_file 3\n`;
  /** Version 1 says first what the group itself holds, then what those in it hold, too. */
  const totals = (bytes: number) => `cache 1\ninactive_file 5\ntotal_cache 1\ntotal_inactive_file ${bytes}\n`;
  const ofContainer = fileSystem({ "/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/memory.stat": stat(2 * GB) });
  const firstVersion = "5:cpu,cpuacct:/docker/1f\n4:memory:/docker/1f\n0::/\n";
  function check(what: string, change: Partial<MemorySystem>, expected: number) {
    it(what, async () => {
      const container = { freeBytes: () => 20 * GB, unusedBytes: () => GB, readText: ofContainer };
      assert.equal(await availableMemoryBytes(system({ platform: "linux", ...container, ...change })), expected);
    });
  }
  check("is in a container what its limit leaves, with the files that it holds", {}, 3 * GB);
  check("is there no more than the machine has", { freeBytes: () => 2 * GB }, 2 * GB);
  const inGroup = { "/proc/self/cgroup": "0::/user/1f\n", "/sys/fs/cgroup/user/1f/memory.stat": stat(GB) };
  check("is in a group what its own limit leaves, with its own files", { readText: fileSystem(inGroup) }, 2 * GB);
  const atTop = { "/proc/self/cgroup": firstVersion, "/sys/fs/cgroup/memory/memory.stat": totals(3 * GB) };
  check("is the same in a container of the first version", { readText: fileSystem(atTop) }, 4 * GB);
  const inside = { ...atTop, "/sys/fs/cgroup/memory/docker/1f/memory.stat": totals(GB) };
  check("is the same in a group of the first version", { readText: fileSystem(inside) }, 2 * GB);
  check("is there what Node says when nothing more can be found out", { readText: fileSystem({}) }, GB);

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
