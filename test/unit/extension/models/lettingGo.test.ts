// A model that other windows still use for a moment is removed as soon as they let go of it, or stays whole. The time is the test's.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import files from "node:fs/promises";
import { join } from "node:path";
import timers from "node:timers/promises";
import type { Fault } from "../../../../src/extension/models/faults";
import { ModelsFolder } from "../../../../src/extension/models/modelsFolder";
import { withReplaced } from "../../../support/replaced";
import { useTemporaryFolder, writeFiles } from "../../../support/temporaryFolder";

interface Case {
  /** How often the folder cannot be moved, and the reason. */
  readonly refusals: number;
  readonly code?: string;
  readonly patienceMs?: number;
  /** Absent: it is removed. */
  readonly fault?: string;
  /** Until it is removed, or given up. */
  readonly takesMs: number;
}

const CASES: Readonly<Record<string, Case>> = {
  "nobody uses it": { refusals: 0, takesMs: 0 },
  "everybody lets go of it in time": { refusals: 3, patienceMs: 2000, takesMs: 1500 },
  "everybody lets go of it at the last moment": { refusals: 5, patienceMs: 2000, takesMs: 2500 },
  "somebody lets go of it too late": { refusals: 6, patienceMs: 2000, fault: "inUse", takesMs: 2500 },
  "nobody is waited for": { refusals: 1, patienceMs: -1, fault: "inUse", takesMs: 0 },
  "nobody lets go of it for very long": { refusals: 100, fault: "inUse", takesMs: 6500 },
  "waiting would not help": { refusals: 1, code: "EROFS", fault: "notWritable", takesMs: 0 },
};

describe("a model is removed", () => {
  const folder = useTemporaryFolder();

  for (const [where, { refusals, code = "EBUSY", patienceMs, fault, takesMs }] of Object.entries(CASES)) {
    it(`where ${where}`, async () => {
      const models = new ModelsFolder(folder());
      await writeFiles(folder(), { "mine-int8/model.json": "{}" });
      let [time, tries] = [0, 0];
      const { rename } = files;
      const refusedRename: typeof rename = async (from, to) => {
        if (tries++ < refusals) throw Object.assign(new Error(code), { code });
        return rename(from, to);
      };
      const setTimeout = async <T>(ms = 0, value?: T) => {
        time += ms;
        return value!;
      };
      const remove = () => models.remove("mine-int8", patienceMs).catch(({ kind }: Fault) => kind);
      const removeInItsTime = () =>
        withReplaced(performance, { now: () => time }, () => withReplaced(timers, { setTimeout }, remove));
      const result = await withReplaced(files, { rename: refusedRename }, removeInItsTime);
      assert.deepEqual([result, time], [fault, takesMs]);
      const isThere = fault !== undefined;
      const paths = ["mine-int8/model.json", ".mine-int8.old"].map((path) => join(folder(), path));
      assert.deepEqual(paths.map(existsSync), [isThere, false]);
    });
  }
});
