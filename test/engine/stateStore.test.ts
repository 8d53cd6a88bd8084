// States on disk, with real models: processes that are killed while they save, and what saving the bundled model costs.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { convertCheckpoint } from "../../src/engine/convert/convertCheckpoint";
import { mulberry32 } from "../../src/engine/decoding/sampler";
import { keyAfter, modelKey } from "../../src/engine/stateStore/keys";
import { BUNDLED_MODEL } from "../support/engineHarness";
import { largestDifference } from "../support/logits";
import { fileTokens, makeFile, openStore, tokensOf, type Writer } from "../support/stateWriter/trunk";
import { useTemporaryFolder } from "../support/temporaryFolder";

const KILLS = 100;
const WINDOWS = ["/first", "/second"];
/** Another seed: SEED=… npm test -- engine --grep "states on disk" */
const SEED = Number(process.env.SEED ?? 1);
/** Of what is on the disk, until a kill: a few files are read meanwhile. */
const MOST_CHANGES = 60;

describe("states on disk", () => {
  const folder = useTemporaryFolder("all tests");

  it(`are whole and exact after ${KILLS} kills of processes that save (seed ${SEED})`, async function () {
    this.timeout(600_000);
    const modelFolder = folder("tiny");
    const checkpointDir = "test/fixtures/tiny/window8";
    await convertCheckpoint({ checkpointDir, outDir: modelFolder, weights: "float32", withoutTokenizer: true });
    const storeFolder = folder("states");
    const reader = await openStore(modelFolder, storeFolder, (line) => assert.fail(line));
    const random = mulberry32(SEED);
    const counts = { promised: 0, exact: 0, unfinished: 0 };

    const promisedTo = new Map<string, string[]>(WINDOWS.map((folderId) => [folderId, []]));
    for (let killed = 0; killed < KILLS; killed += WINDOWS.length) {
      // In every second round both windows read the same files, and may save equal states at the same moment.
      const seeds = WINDOWS.map(() => Math.floor(random() * 2 ** 32));
      const lastChanges = WINDOWS.map(() => 1 + Math.floor(random() * MOST_CHANGES));
      const runs = WINDOWS.map(async (folderId, window) => {
        const seed = seeds[(killed / WINDOWS.length) % 2 === 0 ? 0 : window]!;
        const lastChange = lastChanges[window]!;
        const promised = await runUntilKilled([modelFolder, storeFolder, folderId, String(seed), String(lastChange)]);
        for (const line of promised) assert.match(line, /^[0-9a-f]{64}$/, "A writer's store complains");
        promisedTo.get(folderId)!.push(...promised);
        counts.promised += promised.length;
      });
      await Promise.all(runs);
      counts.unfinished += (await readdir(storeFolder).catch(() => [])).filter((name) =>
        /tmp|removed/.test(name),
      ).length;
      await reader.store.prune();
      for (const [folderId, promised] of promisedTo) {
        const last = promised.at(-1);
        if (last === undefined) continue;
        const found = await checkRestored(reader, folderId);
        if (found === last) counts.exact++;
        // Else it was saved in the moment of the kill, before it could be printed.
        else assert(!promised.includes(found), `${folderId} has lost ${last} and is back at ${found}`);
      }
    }
    await reader.model.dispose();
    console.log(
      `      ${counts.promised} states promised, ${counts.unfinished} files left unfinished by kills, ` +
        `${counts.exact} of ${KILLS} restored exactly at the last promise, the others beyond it`,
    );
    assert(counts.promised > KILLS && counts.unfinished > 0, "The kills came too early to show anything");
  });

  it("of the bundled model go on like the one that was saved", async () => {
    const writer = await openStore(BUNDLED_MODEL, folder("bundled"), (line) => assert.fail(line));
    const { model, about, store } = writer;
    const random = mulberry32(1);
    const chain = Array.from({ length: 150 }, () => makeFile(random));
    let state = model.emptyState;
    const tokens = tokensOf(about, chain);
    for (let at = 0; at < tokens.length; at += 128)
      ({ state } = await model.forward(tokens.slice(at, at + 128), state, []));

    const key = keyAfter(modelKey(about), chain);
    const saving = performance.now();
    assert(await store.save(key, state, chain, about.folder));
    const saveMs = performance.now() - saving;
    const loading = performance.now();
    const found = await store.load(key);
    const loadMs = performance.now() - loading;
    assert(found !== undefined);

    const next = fileTokens(makeFile(random), about.architecture.vocabSize);
    const [saved, restored] = [await model.forward(next, state, [0]), await model.forward(next, found.state, [0])];
    assert.deepEqual(restored.logits, saved.logits);
    const megabytes = (await stat(folder("bundled", `${key}.state`))).size / 1e6;
    console.log(
      `      ${megabytes.toFixed(1)} MB after ${tokens.length} tokens: ` +
        `saved in ${saveMs.toFixed(0)} ms, ready again in ${loadMs.toFixed(0)} ms`,
    );
    await model.dispose();
  });
});

/** Runs a writer until it is killed; returns what it has printed. */
async function runUntilKilled(args: readonly string[]): Promise<string[]> {
  const writer = spawn(process.execPath, [join("out/test/support/stateWriter/index.js"), ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  writer.stdout.on("data", (text) => {
    output += text;
  });
  const [code, signal] = await once(writer, "close");
  // Windows knows no signals.
  assert.ok(signal === "SIGKILL" || process.platform === "win32", `The writer ended by itself (${code})`);
  return output.split("\n").filter((line) => line !== "");
}

/** Asserts that `folderId` has a state, and that it is what its chain says. Returns its key. */
async function checkRestored({ model, about, store }: Writer, folderId: string): Promise<string> {
  const found = await store.restoreLatest(folderId);
  assert(found, `${folderId} has lost its state`);
  const tokens = tokensOf(about, found.chain);
  assert.equal(found.state.position, tokens.length);
  const probe = [3, 1, 4];
  const fresh = await model.forward(
    [...tokens, ...probe],
    model.emptyState,
    probe.map((_, i) => tokens.length + i),
  );
  const restored = await model.forward(probe, found.state, [...probe.keys()]);
  const difference = largestDifference(fresh.logits, restored.logits);
  assert(difference <= 1e-4, `${folderId}: off by ${difference} after ${tokens.length} tokens`);
  return found.key;
}
