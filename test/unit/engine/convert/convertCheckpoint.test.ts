import assert from "node:assert/strict";
import fs, { cp, mkdir, readdir, readFile, rename, rm, symlink, truncate, utimes, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import timers from "node:timers/promises";
import workers from "node:worker_threads";
import { conversionSizes } from "../../../../src/engine/convert/conversionSizes";
import {
  type ConvertedModel,
  type ConvertOptions,
  convertCheckpoint,
} from "../../../../src/engine/convert/convertCheckpoint";
import { WorkFolder } from "../../../../src/engine/convert/workFolder";
import type { ConvertProgress } from "../../../../src/engine/convert/writeTensors";
import { readTensors } from "../../../../src/engine/model/loadModel";
import { readModelFolder, verifyModelFolder } from "../../../../src/engine/model/modelFolder";
import { layoutSafetensors, type TensorSpec } from "../../../../src/engine/model/safetensors";
import { whileHeld, whileHeldForAMoment } from "../../../support/heldFiles";
import { withReplaced } from "../../../support/replaced";
import { useTemporaryFolder } from "../../../support/temporaryFolder";

const TINY = "test/fixtures/tiny";
const WINDOW8 = join(TINY, "window8");
const LONG_AGO = new Date(Date.now() - 11 * 60_000);

describe("convertCheckpoint", () => {
  const folder = useTemporaryFolder();
  let outDir: string;
  beforeEach(() => {
    outDir = folder("out");
  });

  function convert(checkpoint: string, options: Partial<ConvertOptions> = {}) {
    return convertCheckpoint({
      checkpointDir: checkpoint,
      outDir,
      weights: "float32",
      withoutTokenizer: true,
      threads: 0,
      ...options,
    });
  }

  /** The files of the model that a conversion makes, and which is gone then. */
  async function filesOf(checkpoint = WINDOW8) {
    await convert(checkpoint);
    const { files } = await readModelFolder(outDir);
    await rm(outDir, { recursive: true });
    return files;
  }

  /** @param isThere whether what an earlier attempt has written is */
  function openWork(plan: string, isThere = true): Promise<WorkFolder> {
    return WorkFolder.open(outDir, plan, async () => isThere);
  }

  /** A copy of a tiny checkpoint that a test may damage. */
  async function copyOf(name: string): Promise<string> {
    const copy = folder(name);
    await cp(join(TINY, name), copy, { recursive: true });
    return copy;
  }

  async function changeConfig(checkpoint: string, changes: Record<string, unknown>): Promise<void> {
    const file = join(checkpoint, "config.json");
    await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, "utf8")), ...changes }));
  }

  /** No output, and no half of one. */
  async function assertNothingLeft(): Promise<void> {
    const left = (await readdir(folder())).filter((name) => name.includes("out"));
    assert.deepEqual(left, []);
  }

  it("writes a folder that the engine accepts, also where threads cannot be had", async () => {
    const steps: number[] = [];
    const result = await convert(WINDOW8, {
      threads: 2, // Their file does not lie beside a test.
      onProgress: ({ doneBytes, totalBytes }) => steps.push(doneBytes / totalBytes),
    });
    assert.deepEqual([result.name, result.threads], ["window8", 0]);
    assert.equal(steps.at(-1), 1);
    const model = await readModelFolder(outDir);
    await verifyModelFolder(model);
    assert.deepEqual(model.tokens, { bos: 2, eos: 1, stop: [1] });
    assert.equal(model.architecture.embeddingScale, 6.9375);
    const tensors = await readTensors(model);
    assert.deepEqual(tensors.get("model.layers.0.temporal_block.rg_lru.log_a")?.shape, [48]);
    assert.equal(tensors.has("model.layers.0.temporal_block.rg_lru.recurrent_param"), false);
  });

  it("needs no more threads than the system allows", async () => {
    class Refused {
      constructor() {
        throw new Error("ERR_WORKER_INIT_FAILED: EAGAIN");
      }
    }
    const { threads } = await withReplaced<object, ConvertedModel>(workers, { Worker: Refused }, () =>
      convert(WINDOW8, { threads: 2 }),
    );
    assert.equal(threads, 0);
  });

  it("stores linears as asked, and the rest in float32", async () => {
    await convert(join(TINY, "bfloat16"), { weights: "int8" });
    const int8 = await readTensors(await readModelFolder(outDir));
    const typeAndShape = (name: string) => [int8.get(name)?.dtype, ...(int8.get(name)?.shape ?? [])];
    assert.deepEqual(typeAndShape("model.layers.0.mlp_block.up_proj.weight"), ["I8", 64, 48]);
    assert.deepEqual(typeAndShape("model.layers.0.mlp_block.up_proj.scale"), ["F32", 48]);
    assert.deepEqual(typeAndShape("model.embed_tokens.weight"), ["U8", 101, 1, 64]);
    assert.deepEqual(typeAndShape("model.layers.0.temporal_block.rg_lru.input_gate_weight"), ["F32", 4, 16, 16]);

    await rm(outDir, { recursive: true });
    await convert(join(TINY, "bfloat16"), { weights: "int4" });
    const int4 = await readTensors(await readModelFolder(outDir));
    assert.deepEqual(int4.get("model.layers.0.mlp_block.down_proj.weight")?.shape, [64, 3, 8]);
    assert.deepEqual(int4.get("model.layers.0.mlp_block.down_proj.scales")?.shape, [64, 3]);
    assert.deepEqual(int4.get("model.layers.0.mlp_block.down_proj.zero_points")?.shape, [64, 2]);
    assert.deepEqual(int4.get("model.layers.2.temporal_block.v_proj.weight")?.shape, [16, 1, 64], "8 bits");
  });

  it("ignores a repeated head and copies the tokenizer and the terms", async () => {
    const checkpoint = await copyOf("sharded");
    const [bos, eos, turn, end] = ["<bos>", "<eos>", "<start_of_turn>", "<end_of_turn>"];
    const added = [
      [eos, 1],
      [bos, 2],
      [turn, 10],
      [end, 11],
    ].map(([content, id]) => ({ content, id }));
    await writeFile(join(checkpoint, "tokenizer.json"), JSON.stringify({ added_tokens: added }));
    await writeFile(join(checkpoint, "tokenizer_config.json"), JSON.stringify({ chat_template: "…" }));
    await writeFile(join(checkpoint, "LICENSE"), "terms");
    await mkdir(join(checkpoint, "licenses"));
    await addTensor(checkpoint, "lm_head.weight", { dtype: "F32", shape: [97, 32] });
    await convert(checkpoint, { withoutTokenizer: false });
    const model = await readModelFolder(outDir);
    assert.deepEqual(model.tokens, { bos: 2, eos: 1, stop: [1, 11], startOfTurn: 10, endOfTurn: 11 });
    assert.equal(model.trained.instructions, true);
    assert.equal(await readFile(join(outDir, "LICENSE"), "utf8"), "terms");
  });

  it("takes terms that are links only from the checkpoint itself, or where the hub's cache keeps its files", async function () {
    if (process.platform === "win32") this.skip();
    const checkpoint = await copyOf("sharded");
    const outside = folder("private");
    await writeFile(outside, "private");
    await symlink(outside, join(checkpoint, "LICENSE"));
    await assert.rejects(convert(checkpoint), /LICENSE is a link to a file outside of the checkpoint/);
    await assertNothingLeft();

    const [cache, snapshot] = [folder("models--a--b"), folder("models--a--b", "snapshots", "1")];
    await mkdir(join(cache, "blobs"), { recursive: true });
    await mkdir(join(cache, "snapshots"));
    await rename(checkpoint, snapshot);
    await rm(join(snapshot, "LICENSE"));
    await writeFile(join(cache, "blobs", "c0ffee"), "terms");
    await symlink("../../blobs/c0ffee", join(snapshot, "LICENSE"));
    await symlink("LICENSE", join(snapshot, "LICENSE.txt"));
    await convert(snapshot);
    assert.equal(await readFile(join(outDir, "LICENSE.txt"), "utf8"), "terms");
  });

  it("knows before a conversion what its weights will take, whatever the checkpoint repeats or takes itself", async () => {
    const checkpoint = await copyOf("sharded");
    await addTensor(checkpoint, "lm_head.weight", { dtype: "F32", shape: [97, 32] });
    const known = await conversionSizes(checkpoint);
    for (const weights of ["int8", "int4"] as const) {
      await convert(checkpoint, { weights });
      const tensors = await readTensors(await readModelFolder(outDir));
      const bytes = [...tensors.values()].reduce((sum, tensor) => sum + tensor.bytes, 0);
      assert.equal(known.storedBytes[weights], bytes);
      await rm(outDir, { recursive: true });
    }
    await changeConfig(checkpoint, { hidden_size: 48 });
    await assert.rejects(conversionSizes(checkpoint), /head_dim is|has the shape/);
  });

  it("has all files safe on the disk before the model gets its name, as the checkpoint may then be removed", async () => {
    const checkpoint = await copyOf("sharded");
    const added = [{ content: "<bos>", id: 2 }];
    await writeFile(join(checkpoint, "tokenizer.json"), JSON.stringify({ added_tokens: added }));
    const { writeFile: write, rename } = fs;
    const safe: string[] = [];
    let safeAtRename: readonly string[] | undefined;
    const watched: Partial<typeof fs> = {
      writeFile: async (...args) => {
        await write(...args);
        if (Object(args[2]).flush) safe.push(basename(String(args[0])));
      },
      rename: async (...args) => {
        safeAtRename = [...safe];
        return rename(...args);
      },
    };
    await withReplaced(fs, watched, () => convert(checkpoint, { withoutTokenizer: false }));
    assert.deepEqual(safeAtRename, ["tokenizer.json", "model.json"]);
  });

  it("says what is wrong with a checkpoint, and leaves nothing behind", async () => {
    const cases: [what: string, damage: (checkpoint: string) => Promise<void>, message: RegExp][] = [
      ["no config", (c) => rm(join(c, "config.json")), /holds no config.json/],
      ["no JSON", (c) => writeFile(join(c, "config.json"), "{"), /config.json is not JSON/],
      [
        "a lost shard",
        (c) => rm(join(c, "model-00002-of-00003.safetensors")),
        /lacks model-00002-of-00003.safetensors/,
      ],
      ["a cut shard", (c) => truncate(join(c, "model-00002-of-00003.safetensors"), 5000), /model-00002.*is cut off/],
      ["no index and a lost shard", loseShardAndIndex, /lacks model\.layers\.\d+\..* more tensors/],
      [
        "more layers",
        (c) => changeConfig(c, { num_hidden_layers: 5 }),
        /lacks model.layers.4.temporal_pre_norm.weight, .* more tensors/,
      ],
      ["fewer layers", (c) => changeConfig(c, { num_hidden_layers: 3 }), /holds model.layers.3.* leaves no place for/],
      [
        "another shape",
        (c) => changeConfig(c, { vocab_size: 96 }),
        /embed_tokens.weight has the shape \[97,32\] instead of \[96,32\]/,
      ],
      [
        "another layer type",
        (c) => changeConfig(c, { block_types: ["recurrent"] }),
        /lacks model.layers.2.temporal_block.linear_x/,
      ],
      [
        "not a number",
        (c) => damageNumbers(join(c, "model-00001-of-00003.safetensors")),
        /holds values that are not numbers/,
      ],
      ["pickles", pickle, /holds pytorch_model.bin but no safetensors file/],
    ];
    for (const [what, damage, message] of cases) {
      const checkpoint = await copyOf("sharded");
      await damage(checkpoint);
      await assert.rejects(convert(checkpoint), { message }, what);
      await rm(checkpoint, { recursive: true });
      await assertNothingLeft();
    }
  });

  it("says what has happened also where what is left cannot be removed", async () => {
    const checkpoint = await copyOf("sharded");
    await damageNumbers(join(checkpoint, "model-00001-of-00003.safetensors"));
    await assert.rejects(
      whileHeld(() => convert(checkpoint)),
      /holds values that are not numbers/,
    );
    const interrupt = new AbortController();
    const options = { signal: interrupt.signal, onProgress: () => interrupt.abort(new Error("enough")) };
    outDir = folder("another");
    await assert.rejects(
      whileHeld(() => convert(WINDOW8, options)),
      /^Error: enough$/,
    );
  });

  it("takes shards without an index, and one file rather than what an index names", async () => {
    const checkpoint = await copyOf("sharded");
    const expected = await filesOf(checkpoint);
    await rm(join(checkpoint, "model.safetensors.index.json"));
    assert.deepEqual(await filesOf(checkpoint), expected);

    const single = await copyOf("window8");
    assert.ok((await readdir(single)).includes("model.safetensors"));
    await writeFile(join(single, "model.safetensors.index.json"), JSON.stringify({ weight_map: { a: "gone" } }));
    await writeFile(join(single, "optimizer.safetensors"), "something else");
    await convert(single);
    await verifyModelFolder(await readModelFolder(outDir));
  });

  it("refuses unknown tensors, and a tokenizer of another model", async () => {
    const unknown = await copyOf("sharded");
    await addTensor(unknown, "model.layers.0.adapter.weight", { dtype: "F32", shape: [2] });
    await assert.rejects(
      convert(unknown),
      /holds model.layers.0.adapter.weight, which its config.json leaves no place/,
    );

    const tokenizer = await copyOf("one-head");
    await writeFile(join(tokenizer, "tokenizer.json"), JSON.stringify({ added_tokens: [{ content: "<bos>", id: 5 }] }));
    await assert.rejects(convert(tokenizer), /gives <bos> the id 5, but config.json says 2/);

    await assert.rejects(convert(WINDOW8, { withoutTokenizer: false }), /holds no tokenizer.json/);
    await assertNothingLeft();
  });

  it("never overwrites", async () => {
    await assert.rejects(convert(WINDOW8, { outDir: folder() }), /exists already/);
  });

  it("stops when told to, and goes on from there to the same bytes", async () => {
    const expected = await filesOf();

    await stopAfter(3);
    assert.deepEqual(await readdir(folder()), [".out.converting"], "nothing under the model's name");
    const work = folder(".out.converting");
    const steps: ConvertProgress[] = [];
    const doneBefore = (await readFile(join(work, "journal"), "utf8")).trim().split("\n").length - 1;
    assert.ok(doneBefore >= 2, "the journal names what is done");
    await convert(WINDOW8, { onProgress: (progress) => steps.push(progress) });
    const [found, last] = [steps[doneBefore - 1]!, steps.at(-1)!];
    assert.equal(last.doneBytes, last.totalBytes);
    assert.ok(found.doneBytes > 0 && found.doneBytes < last.doneBytes);
    assert.deepEqual([found.earlierBytes, last.earlierBytes], [found.doneBytes, found.doneBytes]);
    assert.deepEqual((await readModelFolder(outDir)).files, expected);
    assert.deepEqual(await readdir(folder()), ["out"], "and nothing is left of the attempt");
  });

  it("keeps what is done when the disk is full, says so, and goes on", async () => {
    const full = Object.assign(new Error("write"), { code: "ENOSPC" });
    let done = 0;
    const failing = convert(WINDOW8, {
      onProgress() {
        if (++done === 3) throw full;
      },
    });
    await assert.rejects(failing, {
      message:
        /^The disk of .* is full: the conversion needs \d+ kB more there\. Free some space and convert again: it goes on/,
      code: "ENOSPC",
    });
    assert.deepEqual(await readdir(folder()), [".out.converting"]);
    const journal = await readFile(folder(".out.converting", "journal"), "utf8");
    assert.ok(journal.trim().split("\n").length > 2, "the journal names what is done");
    await convert(WINDOW8);
    await verifyModelFolder(await readModelFolder(outDir));
    assert.deepEqual(await readdir(folder()), ["out"]);
  });

  it("keeps what is done, whatever a first attempt meets, and also where the result cannot get its name", async () => {
    const journal = folder(".out.converting", "journal");
    let done = 0;
    const failing = convert(WINDOW8, {
      onProgress() {
        if (++done === 3) throw new Error("bad_alloc");
      },
    });
    await assert.rejects(failing, /^Error: bad_alloc$/);
    const before = await readFile(journal, "utf8");
    assert.ok(before.trim().split("\n").length > 2, "the journal names what is done");

    const nameless = withReplaced(fs, { rename: () => Promise.reject(new Error("EIO")) }, () => convert(WINDOW8));
    await assert.rejects(nameless, /^Error: EIO$/);
    assert.ok((await readFile(journal, "utf8")).startsWith(before));
    await convert(WINDOW8);
    await verifyModelFolder(await readModelFolder(outDir));
    assert.deepEqual(await readdir(folder()), ["out"]);
    const left = (await readdir(outDir)).filter((name) => /journal|owner/.test(name));
    assert.deepEqual(left, []);
  });

  it("waits for who has the result's files open for a moment, as Windows lets no such folder be renamed", async () => {
    const work = await openWork("a plan");
    const { rename } = fs;
    let tries = 0;
    const renameLater: typeof rename = async (from, to) => {
      if (++tries === 1) throw Object.assign(new Error("rename"), { code: "EPERM" });
      await rename(from, to);
    };
    await withReplaced(fs, { rename: renameLater }, () => work.finish(outDir));
    assert.equal(tries, 2);
    assert.deepEqual(await readdir(folder()), ["out"]);
    assert.deepEqual(await readdir(outDir), []);
  });

  it("keeps what an earlier attempt has done, whatever the next one meets", async () => {
    await stopAfter(3);
    const work = folder(".out.converting");
    const before = await readFile(join(work, "journal"), "utf8");
    const failing = convert(WINDOW8, {
      onProgress() {
        throw new Error("no room");
      },
    });
    await assert.rejects(failing, /no room/);
    assert.ok((await readFile(join(work, "journal"), "utf8")).startsWith(before));
    await convert(WINDOW8);
    assert.deepEqual(await readdir(folder()), ["out"]);
  });

  it("asks for no more room than it still takes, also where a file takes its full length at once", async () => {
    await stopAfter(3);
    const work = folder(".out.converting");
    for (const name of await readdir(work)) await writeFile(join(work, name), await readFile(join(work, name)));
    const almostFull = async () => ({ bavail: 1, bsize: 512 }) as never;
    await withReplaced(fs, { statfs: almostFull }, () => convert(WINDOW8));
    await verifyModelFolder(await readModelFolder(outDir));
    await rm(outDir, { recursive: true });
    const refused = withReplaced(fs, { statfs: almostFull }, () => convert(WINDOW8));
    await assert.rejects(refused, {
      message: /The conversion needs \d+ kB more in .*, where 1 kB is free/,
      code: "ENOSPC",
    });
    await assertNothingLeft();
  });

  it("does not do again what is done", async () => {
    const expected = await filesOf();
    await stopAfter(3);
    const shard = await firstShard();
    const bytes = await readFile(shard);
    bytes[8 + Number(bytes.readBigUInt64LE())]! ^= 1; // a mark in the first tensor, which is done
    await writeFile(shard, bytes);
    assert.notDeepEqual(await filesOf(resolve(WINDOW8)), expected, "named in another way, it is the same");
  });

  it("begins anew where what the journal names is gone, or was cut off", async () => {
    const expected = await filesOf();
    const damages = [(shard: string) => rm(shard), (shard: string) => truncate(shard, 5000)];
    for (const damage of damages) {
      await stopAfter(3);
      await damage(await firstShard());
      assert.deepEqual(await filesOf(), expected);
    }
  });

  it("begins anew when the checkpoint or the form is another, and not while another process is at it", async () => {
    await stopAfter(3);
    await whileHeldForAMoment(() => convert(WINDOW8, { weights: "int8" }));
    await verifyModelFolder(await readModelFolder(outDir));
    await rm(outDir, { recursive: true });

    await stopAfter(3);
    const journal = await readFile(folder(".out.converting", "journal"), "utf8");
    const owner = JSON.stringify({ id: "other", pid: 1234, host: "another-machine" });
    await writeFile(folder(".out.converting", "owner"), owner);
    await assert.rejects(
      convert(WINDOW8, { weights: "int8" }),
      /^Error: Process 1234 on another-machine is converting to .* already/,
    );
    assert.equal(await readFile(folder(".out.converting", "journal"), "utf8"), journal);
    // A conversion that was ended without a word leaves its id.
    await utimes(folder(".out.converting", "owner"), LONG_AGO, LONG_AGO);
    await withoutPauses(() => convert(WINDOW8));
  });

  it("leaves alone who was silent only because the machine slept", async () => {
    const work = await openWork("a plan");
    const owner = folder(".out.converting", "owner");
    await utimes(owner, LONG_AGO, LONG_AGO);
    const awake = withoutPauses(
      () => openWork("another plan"),
      (pause) => (pause === 5 ? utimes(owner, new Date(), new Date()) : undefined),
    );
    await assert.rejects(awake, /is converting to .* already/);
    await work.remove();
  });

  it("that stood still for so long that another process has taken it over spoils nothing", async () => {
    const stopped = await openWork("a plan");
    await stopped.markDone(["a"]);
    await utimes(folder(".out.converting", "owner"), LONG_AGO, LONG_AGO);
    const next = await withoutPauses(() => openWork("another plan"));
    await assert.rejects(stopped.markDone(["b"]), /^Error: Another process has taken over this conversion/);
    await assert.rejects(stopped.finish(outDir), /Another process has taken over this conversion/);
    await stopped.remove();
    await next.markDone(["c"]);
    await next.leave();
    await assert.rejects(stopped.markDone(["b"]), /has taken over/, "also when that one has stopped");
    const again = await openWork("another plan");
    assert.deepEqual([...again.done], ["c"]);
    await again.remove();
  });

  it("is one conversion's at a time, also while it begins anew", async () => {
    const work = await openWork("a plan");
    await work.markDone(["a"]);
    await work.leave();
    const anew = await openWork("a plan", false);
    assert.deepEqual([...anew.done], []);
    await assert.rejects(openWork("a plan"), /is converting to .* already/);
    await anew.leave();
    const next = await openWork("another plan");
    assert.deepEqual([...next.done], []);
    await next.remove();
    assert.deepEqual(await readdir(folder()), []);
  });

  /** Of a conversion that was stopped. */
  async function firstShard(): Promise<string> {
    const work = folder(".out.converting");
    return join(work, (await readdir(work)).find((name) => name.endsWith(".safetensors"))!);
  }

  async function stopAfter(steps: number): Promise<void> {
    const controller = new AbortController();
    let done = 0;
    const onProgress = () => ++done === steps && controller.abort(new Error("stopped"));
    const stopping = convert(WINDOW8, { signal: controller.signal, onProgress });
    await assert.rejects(stopping, /stopped/);
  }
});

/** Runs `work` with pauses that are over at once. @param onPause called with how many there were before */
function withoutPauses<R>(work: () => Promise<R>, onPause: (before: number) => unknown = () => {}): Promise<R> {
  let pauses = 0;
  const pause = async () => void (await onPause(pauses++));
  return withReplaced(timers, { setTimeout: pause as typeof timers.setTimeout }, work);
}

/** Adds a shard with one tensor of zeros, and names it in the index. */
async function addTensor(checkpoint: string, name: string, spec: TensorSpec): Promise<void> {
  const { header, fileBytes } = layoutSafetensors(new Map([[name, spec]]));
  await writeFile(
    join(checkpoint, "extra.safetensors"),
    Buffer.concat([header, Buffer.alloc(fileBytes - header.length)]),
  );
  const file = join(checkpoint, "model.safetensors.index.json");
  const index = JSON.parse(await readFile(file, "utf8"));
  index.weight_map[name] = "extra.safetensors";
  await writeFile(file, JSON.stringify(index));
}

/** Makes the file's last number an infinity. */
async function damageNumbers(file: string): Promise<void> {
  const bytes = await readFile(file);
  bytes.writeFloatLE(Infinity, bytes.length - 4);
  await writeFile(file, bytes);
}

async function loseShardAndIndex(checkpoint: string): Promise<void> {
  for (const name of ["model-00002-of-00003.safetensors", "model.safetensors.index.json"])
    await rm(join(checkpoint, name));
}

async function pickle(checkpoint: string): Promise<void> {
  for (const file of await readdir(checkpoint)) if (file.includes("safetensors")) await rm(join(checkpoint, file));
  await writeFile(join(checkpoint, "pytorch_model.bin"), "");
}
