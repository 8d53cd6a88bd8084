import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import type { ModelFolder } from "../../../../src/engine/model/modelFolder";
import {
  failedFinding,
  type ProviderFinding,
  type Tuning,
  TuningFile,
  triedFinding,
  tuningKey,
} from "../../../../src/engine/tuning/tuningFile";
import { withReplaced } from "../../../support/replaced";
import { useTemporaryFolder } from "../../../support/temporaryFolder";

const TUNING: Tuning = { threads: 2, tokenMs: 5, providers: {} };

describe("the file of tunings", () => {
  const folder = useTemporaryFolder();
  let path: string;
  beforeEach(() => {
    path = folder("engine", "tuning.json");
  });

  it("gives back what was kept, and leaves nothing else on the disk", async () => {
    await new TuningFile(path).set("a", TUNING);
    await new TuningFile(path).set("b", { ...TUNING, threads: 3 });
    assert.deepEqual(await new TuningFile(path).get("a"), TUNING);
    assert.equal((await new TuningFile(path).get("b"))?.threads, 3);
    assert.deepEqual(await readdir(folder("engine")), ["tuning.json"]);
  });

  type Stored = { readonly format: number; readonly entries: object };
  const holding = (entry: object) => (stored: Stored) => JSON.stringify({ ...stored, entries: { a: entry } });
  for (const [what, changed] of [
    ["half a file", (stored) => JSON.stringify(stored).slice(0, -10)],
    ["another format", (stored) => JSON.stringify({ ...stored, format: 99 })],
    ["nonsense in an entry", holding({ ...TUNING, threads: -1 })],
    ["an entry without providers", holding({ ...TUNING, providers: undefined })],
    ["one without measurements", holding({ ...TUNING, tokenMs: undefined })],
  ] satisfies [string, (stored: Stored) => string][]) {
    it(`takes ${what} for nothing, and can be written again`, async () => {
      await new TuningFile(path).set("a", TUNING);
      await writeFile(path, changed(JSON.parse(await readFile(path, "utf8"))));
      assert.equal(await new TuningFile(path).get("a"), undefined);
      await new TuningFile(path).set("a", TUNING);
      assert.deepEqual(await new TuningFile(path).get("a"), TUNING);
    });
  }

  it("takes along what a killed process has left of it, and nothing that somebody writes", async () => {
    await new TuningFile(path).set("a", TUNING);
    const dead = spawnSync(process.execPath, ["--version"]).pid;
    const written = `tuning.json.${process.pid}.00000001.tmp`;
    for (const name of [written, `tuning.json.${dead}.00000002.tmp`]) await writeFile(folder("engine", name), "");
    await new TuningFile(path).set("b", TUNING);
    assert.deepEqual((await readdir(folder("engine"))).sort(), ["tuning.json", written]);
  });

  it("forgets the oldest entries", async () => {
    const file = new TuningFile(path);
    for (let i = 0; i < 40; i++) await file.set(String(i), TUNING);
    assert.equal(await file.get("0"), undefined);
    assert.deepEqual(await file.get("39"), TUNING);
  });

  it("is no obstacle where nothing can be written", async () => {
    await writeFile(folder("engine"), "a file in the folder's place");
    await new TuningFile(path).set("a", TUNING);
    assert.equal(await new TuningFile(path).get("a"), undefined);
  });
});

describe("what a tuning is kept for", () => {
  const model = {
    architecture: { hiddenSize: 8 },
    files: { "weights.safetensors": { bytes: 1, sha256: "aa" } },
  } as unknown as ModelFolder;
  const key = tuningKey(model, "1.30.0", 0);

  it("is the same for the same", () => assert.equal(tuningKey({ ...model }, "1.30.0", 0), key));
  it("is another for other weights", () =>
    assert.notEqual(
      tuningKey({ ...model, files: { "weights.safetensors": { bytes: 1, sha256: "ab" } } }, "1.30.0", 0),
      key,
    ));
  it("is another for another runtime", () => assert.notEqual(tuningKey(model, "1.31.0", 0), key));
  it("is another for a number of threads that the user chose", () =>
    assert.notEqual(tuningKey(model, "1.30.0", 4), key));
});

describe("what is found of a provider", () => {
  const days = ({ tryAgainAt }: ProviderFinding) => tryAgainAt && tryAgainAt / (24 * 3_600_000);

  it("holds for a week when it failed, and for three months when it was of no use: there may be another card", () =>
    withReplaced(Date, { now: () => 0 }, async () => {
      assert.equal(days(failedFinding("no adapter")), 7);
      assert.equal(days(triedFinding("slower", "", 0.5)), 90);
      assert.equal(days(triedFinding("different", "", 3)), 90);
      assert.equal(days(triedFinding("faster", "", 3)), undefined);
    }));
});
