// The process that converts, checks and measures models: its results, and every way in which it can end.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { chmod, mkdir, readdir, rm, symlink, truncate, utimes, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { convertCheckpoint } from "../../src/engine/convert/convertCheckpoint";
import { readModelFolder, verifyModelFolder } from "../../src/engine/model/modelFolder";
import { fourBitReading } from "../../src/engine/modelJobs/formProbe";
import { sentenceOf } from "../../src/extension/modelFaults";
import { modelJobs } from "../../src/extension/models/modelJob";
import { writeBigramCheckpoint } from "../support/bigramCheckpoint";
import { FakeLog } from "../support/fakeLog";
import { withReplaced } from "../support/replaced";
import { taskText } from "../support/taskText";
import { useTemporaryFolder } from "../support/temporaryFolder";

/** What a job's process would say first is its first progress. */
const DIE_AT_FIRST_WORD = 'process.send = () => process.kill(process.pid, "SIGKILL");\n';

describe("the process for jobs on models", () => {
  const folder = useTemporaryFolder();
  let checkpointDir: string;
  let outDir: string;
  const log = new FakeLog();
  const runJob = modelJobs("dist/modelJobs.js", log);

  beforeEach(async () => {
    checkpointDir = folder("bigram");
    outDir = folder("out");
    await writeBigramCheckpoint(checkpointDir, "quix");
  });

  const convert = (options: Partial<Parameters<typeof runJob>[1]> = {}) =>
    runJob(
      { type: "convert", checkpointDir, outDir, weights: "int8" },
      { signal: new AbortController().signal, ...options },
    );

  it("converts with progress, checks, and measures", async () => {
    const shares: number[] = [];
    const converted = await convert({ onProgress: ({ doneBytes, totalBytes }) => shares.push(doneBytes / totalBytes) });
    assert.equal(converted.name, "bigram");
    assert.equal(shares.at(-1), 1);
    assert.deepEqual(
      shares,
      shares.toSorted((a, b) => a - b),
    );
    await verifyModelFolder(await readModelFolder(outDir));

    const { signal } = new AbortController();
    assert.deepEqual((await runJob({ type: "verify", folder: outDir }, { signal })).faults, []);
    const probed = await runJob({ type: "measureSpeed", folder: outDir }, { signal });
    const { decodeTokensPerSecond, fourBitReading } = probed;
    assert.equal(typeof probed.isDisturbed, "boolean");
    assert.ok(decodeTokensPerSecond > 1, String(decodeTokensPerSecond));
    assert.ok(fourBitReading > 0 && Number.isFinite(fourBitReading), String(fourBitReading));
    await truncate(join(outDir, "tokenizer.json"), 1);
    assert.equal((await runJob({ type: "verify", folder: outDir }, { signal })).faults.length, 1);
  });

  it("ends a measurement between its steps, and takes along what one that was killed has left behind", async () => {
    const left = folder("griffin-probe-left");
    const others = ["griffin-probe-used", "griffin-probe-link", "griffin-else"];
    for (const path of [left, folder("griffin-probe-used"), folder("griffin-else")]) await mkdir(path, { mode: 0o700 });
    await symlink(outDir, folder("griffin-probe-link"), "junction");
    if (process.platform !== "win32") {
      // What others may write to may change while it is removed.
      await mkdir(folder("griffin-probe-open"));
      await chmod(folder("griffin-probe-open"), 0o777);
      await utimes(folder("griffin-probe-open"), 1, 1);
      others.push("griffin-probe-open");
    }
    await utimes(left, 1, 1);
    await utimes(folder("griffin-else"), 1, 1);
    const variables = { TMPDIR: folder(), TEMP: folder(), TMP: folder() };
    await withReplaced(process.env, variables, () =>
      assert.rejects(fourBitReading(AbortSignal.abort(new Error("Stopped."))), /^Error: Stopped\.$/),
    );
    const names = await readdir(folder());
    assert.deepEqual(names.filter((name) => name.startsWith("griffin-")).sort(), others.sort());
  });

  for (const weights of ["int8", "int4"] as const) {
    it(`converts on threads to the same bytes as without (${weights})`, async () => {
      const args = ["dist/cli.js", "convert", checkpointDir, outDir, "--weights", weights, "--json"];
      const { threads } = JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" }));
      assert.ok(threads > 0, "the built program finds its thread's file");
      const { files } = await readModelFolder(outDir);
      await rm(outDir, { recursive: true });
      await convertCheckpoint({ checkpointDir, outDir, weights, threads: 0 });
      assert.deepEqual((await readModelFolder(outDir)).files, files);
      await rm(outDir, { recursive: true });
    });
  }

  it("calibrates 4 bits when asked to", async () => {
    const { signal } = new AbortController();
    const job = { type: "convert", checkpointDir, outDir, weights: "int8", isCalibrated: true } as const;
    await assert.rejects(runJob(job, { signal }), /Calibration is for int4/);

    const code = folder("code.ts");
    await writeFile(code, "let a = 1;\n".repeat(10));
    const args = ["dist/cli.js", "convert", checkpointDir, outDir, "--weights", "int4", "--calibrate-on", code];
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
    assert.equal(status, 1);
    assert.match(stderr, /^griffin: .*code\.ts has only \d+ tokens of code to calibrate on/);
    await writeFile(code, (await taskText()).slice(0, 2600));
    execFileSync(process.execPath, args);
    await verifyModelFolder(await readModelFolder(outDir));
  });

  it("passes on the sentence that says what is wrong", async () => {
    await writeFile(join(checkpointDir, "config.json"), "{");
    await assert.rejects(convert(), /config\.json is not JSON/);
    await assert.rejects(
      runJob({ type: "measureSpeed", folder: checkpointDir }, { signal: new AbortController().signal }),
      /no readable model\.json/,
    );
  });

  it("passes on which fault it is, so that the next step is told, and the system's code", async () => {
    const { signal } = new AbortController();
    await assert.rejects(runJob({ type: "measureSpeed", folder: checkpointDir }, { signal }), (error: Error) => {
      assert.match(sentenceOf(error), /no readable model\.json in \S+ Run "Griffin: Repair a Model"/);
      return true;
    });
    outDir = join(checkpointDir, "config.json", "out");
    await assert.rejects(convert(), { code: /^E[A-Z]+$/ });
  });

  it("passes on that the disk is full, whoever has noticed: what was done so far is worth keeping then", async () => {
    const full = 'Promise.reject(Object.assign(new Error("write"), { code: "ENOSPC" }))';
    const meets: Readonly<Record<string, RegExp>> = {
      "statfs = () => Promise.resolve({ bavail: 1, bsize: 1 })":
        /^The conversion needs .* more in .*, where \S+ kB is free/,
      [`writeFile = (path, ...more) => path.endsWith("model.json") ? ${full} : writeFile(path, ...more)`]:
        /^The disk of .* is full: .* Free some space and convert again: it goes on/,
    };
    for (const [disk, message] of Object.entries(meets)) {
      const program = folder("full.js");
      await writeFile(
        program,
        `const files = require("node:fs/promises"), { writeFile } = files; files.${disk};\nrequire(${JSON.stringify(resolve("dist/modelJobs.js"))});\n`,
      );
      const converting = modelJobs(program, log)(
        { type: "convert", checkpointDir, outDir, weights: "int8" },
        { signal: new AbortController().signal },
      );
      await assert.rejects(converting, { message, code: "ENOSPC" });
    }
  });

  it("stops when told to, with the signal's reason, and leaves nothing where nothing was done", async () => {
    const controller = new AbortController();
    const stopping = convert({ signal: controller.signal });
    controller.abort(new Error("stopped")); // At once: so small a conversion may have ended soon.
    await assert.rejects(stopping, /^Error: stopped$/);
    assert.deepEqual(await readdir(folder()), ["bigram"]);
    await convert();
    await verifyModelFolder(await readModelFolder(outDir));
    await assert.rejects(convert({ signal: AbortSignal.abort(new Error("at once")) }), /^Error: at once$/);
  });

  it("says so when it dies or cannot be started, and leaves nothing that could be loaded", async () => {
    const mortal = folder("mortal.js");
    await writeFile(mortal, `${DIE_AT_FIRST_WORD}require(${JSON.stringify(resolve("dist/modelJobs.js"))});\n`);
    const dying = modelJobs(mortal, log)(
      { type: "convert", checkpointDir, outDir, weights: "int8" },
      { signal: new AbortController().signal },
    );
    // Windows knows no signals.
    const message = /The conversion ended early \((SIGKILL|exit code 1)\)\. If the machine ran out of memory/;
    await assert.rejects(dying, message);
    await assert.rejects(readModelFolder(outDir), /^Error: There is no folder .*out\.$/);
    await convert();
    await verifyModelFolder(await readModelFolder(outDir));

    await mkdir(folder("no-script"));
    const nothing = modelJobs(folder("no-script", "x.js"), log);
    await assert.rejects(
      nothing({ type: "verify", folder: folder() }, { signal: new AbortController().signal }),
      /The check ended early \(exit code 1\)/,
    );
  });
});
