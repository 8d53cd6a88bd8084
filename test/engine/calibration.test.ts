// Conversion to 4 bits that knows what text brings to each linear, on tiny models.

import assert from "node:assert/strict";
import { cp, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { calibrate } from "../../src/engine/convert/calibration/calibrate";
import { calibrateLayer, type HiddenText, runLayer } from "../../src/engine/convert/calibration/calibrateLayer";
import { calibrated } from "../../src/engine/convert/calibration/room";
import { RuntimeProducts } from "../../src/engine/convert/calibration/runtimeProducts";
import { type CalibrationText, readSequences, shippedTexts } from "../../src/engine/convert/calibration/texts";
import { openCheckpoint } from "../../src/engine/convert/checkpoint";
import { parseCheckpointConfig } from "../../src/engine/convert/config";
import { type ConvertOptions, convertCheckpoint } from "../../src/engine/convert/convertCheckpoint";
import { planTensors, specsOf } from "../../src/engine/convert/plan";
import { Shards } from "../../src/engine/convert/shards";
import { checkTensors, expectedTensors } from "../../src/engine/convert/tensors";
import { loadModel, readTensors } from "../../src/engine/model/loadModel";
import { readModelFolder } from "../../src/engine/model/modelFolder";
import { readSafetensorsHeader } from "../../src/engine/model/safetensors";
import { assertClose } from "../support/assertClose";
import { whileHeldForAMoment } from "../support/heldFiles";
import { floatsOf, goldenLogits, largestDifference, rootMeanSquareDifference, runInChunks } from "../support/logits";
import { plainKernels } from "../support/plainKernels";
import { plainProducts } from "../support/plainProducts";
import { useTemporaryFolder } from "../support/temporaryFolder";

const TINY = "test/fixtures/tiny";

describe("calibrated conversion", () => {
  const folder = useTemporaryFolder();

  const convert = (name: string, out: string, options: Partial<ConvertOptions>) =>
    convertCheckpoint({
      ...{ checkpointDir: join(TINY, name), outDir: folder(out), weights: "int4", withoutTokenizer: true },
      threads: 0, // Starting them would take longer than the work.
      ...options,
    });

  it("makes models that are as near to the float32 ones as 4 bits allow", async () => {
    for (const name of ["sharded", "wide-recurrence", "one-head", "two-attentions"]) {
      const { tokens, logits } = await goldenLogits(join(TINY, name));
      const errorOf = async (out: string, calibration?: ConvertOptions["calibration"]) => {
        await convert(name, out, { calibration });
        const model = await loadModel(await readModelFolder(folder(out)), { threads: 1 });
        const error = rootMeanSquareDifference(await runInChunks(model, tokens, [64]), logits);
        await model.dispose();
        return error;
      };
      const plain = await errorOf(`${name}-plain`);
      const calibrated = await errorOf(`${name}-calibrated`, { sequences: randomSequences(name) });
      // Inputs of random weights have little in common: there is not much to be gained.
      assert(calibrated < plain, `${name}: ${calibrated} after ${plain}`);
    }
  });

  it("goes on with the layer at which it was stopped, to the same bytes", async () => {
    const calibration = { sequences: randomSequences("sharded") };
    await convert("sharded", "at-once", { calibration });
    await stopped(calibration);
    const left = await readdir(folder(".stopped.converting"));
    assert(left.includes("hidden-2") && !left.includes("layer"), `${left}`);
    await convert("sharded", "stopped", { calibration });
    assert.deepEqual(await filesOf("stopped"), await filesOf("at-once"));
  });

  it("waits for who looks at what it has written before that is removed", async () => {
    await whileHeldForAMoment(() =>
      convert("one-head", "out", { calibration: { sequences: randomSequences("one-head") } }),
    );
    const left = (await readdir(folder("out"))).filter((name) => /^(layer|hidden-.*)$/.test(name));
    assert.deepEqual(left, []);
  });

  it("begins anew when the text is another, or what stands between two layers is lost", async () => {
    const [first, second] = [randomSequences("sharded"), randomSequences("window8")];
    await convert("sharded", "at-once", { calibration: { sequences: second } });
    await stopped({ sequences: first });
    await stopped({ sequences: second });
    await writeFile(folder(".stopped.converting", "hidden-2"), "lost");
    await convert("sharded", "stopped", { calibration: { sequences: second } });
    assert.deepEqual(await filesOf("stopped"), await filesOf("at-once"));
  });

  it("begins anew when config.json says another thing of how the model computes", async () => {
    const calibration = { sequences: randomSequences("sharded") };
    const checkpointDir = folder("checkpoint");
    await cp(join(TINY, "sharded"), checkpointDir, { recursive: true });
    await stopped(calibration, { checkpointDir });
    const config = JSON.parse(await readFile(join(checkpointDir, "config.json"), "utf8"));
    await writeFile(join(checkpointDir, "config.json"), JSON.stringify({ ...config, rms_norm_eps: 0.1 }));
    await convert("sharded", "stopped", { checkpointDir, calibration });
    await convert("sharded", "at-once", { checkpointDir, calibration });
    assert.deepEqual(await filesOf("stopped"), await filesOf("at-once"));
  });

  /** A conversion of "sharded" that ends within its third layer. */
  async function stopped(calibration: ConvertOptions["calibration"], more: Partial<ConvertOptions> = {}) {
    const interrupt = new AbortController();
    const options: Partial<ConvertOptions> = {
      ...more,
      calibration,
      signal: interrupt.signal,
      onProgress({ name }) {
        if (name === "model.layers.2.mlp_block.up_proj.weight") interrupt.abort(new Error("enough"));
      },
    };
    await assert.rejects(convert("sharded", "stopped", options), /enough/);
  }

  it("says what is wrong with the text, and leaves nothing behind", async () => {
    const cases: [options: Partial<ConvertOptions>, message: RegExp][] = [
      [{ calibration: "shipped", weights: "int8" }, /Calibration is for int4/],
      [{ calibration: "shipped" }, /holds no tokenizer\.json; fetch it/],
      [{ calibration: { sequences: [[2, 5, 1_000_000]] } }, /knows token 1000000, and the model only/],
    ];
    for (const [options, message] of cases) await assert.rejects(convert("sharded", "out", options), message);
    assert.deepEqual(await readdir(folder()), []);
  });

  it("says that a checkpoint is damaged whose numbers are too large to compute with", async () => {
    const checkpointDir = folder("damaged");
    const path = join(checkpointDir, "model.safetensors");
    for (const names of [
      // Times itself, and that squared, is no float32.
      ["layers.0.mlp_block.gate_proj.bias", "layers.0.mlp_block.up_proj.bias"],
      // What attention is paid to is no number at all.
      ["layers.2.temporal_pre_norm", "layers.2.temporal_block.q_proj", "layers.2.temporal_block.k_proj"],
    ]) {
      await cp(join(TINY, "one-head"), checkpointDir, { recursive: true });
      const bytes = new Uint8Array(await readFile(path));
      for (const [name, { offset, bytes: length }] of await readSafetensorsHeader(path)) {
        if (!names.some((start) => name.startsWith(`model.${start}`))) continue;
        bytes.set(new Uint8Array(new Float32Array(length / 4).fill(1e18).buffer), offset);
      }
      await writeFile(path, bytes);
      const calibration = { sequences: randomSequences("one-head") };
      await assert.rejects(convert("one-head", "out", { checkpointDir, calibration }), /values that are not numbers/);
      assert.deepEqual(await readdir(folder()), ["damaged"]);
    }
  });

  it("ends with a linear that it would leave out, before its layer counts as written", async () => {
    const { config, tensors } = await openCheckpoint(join(TINY, "one-head"));
    const { architecture } = parseCheckpointConfig(config);
    const known = planTensors(checkTensors(tensors, expectedTensors(architecture)), "int4");
    const renamed = { ...calibrated(known)[0]!, target: "model.layers.0.new_block.new_proj.weight" };
    const planned = [...known, ...planTensors([renamed], "int4")];
    const shards = new Shards(folder(), specsOf(planned), Number.POSITIVE_INFINITY);
    await shards.create();
    const calibration = calibrate({
      ...{ architecture, tensors: planned, sequences: randomSequences("one-head"), shards, folder: folder() },
      ...{ done: new Set(), threads: 0, onRounded: () => {} },
      makeSafe: async () => assert.fail("zeros are no weights"),
    });
    await assert.rejects(calibration, /does not know how to round model\.layers\.0\.new_block\.new_proj\./);
  });

  it("runs a layer alone as the model runs it among the others", async () => {
    const name = "window8";
    const { tokens, logits } = await goldenLogits(join(TINY, name));
    await convert(name, "float32", { weights: "float32" });
    const about = await readModelFolder(folder("float32"));
    const { architecture } = about;
    const tensors = await readTensors(about);
    const read = async (tensor: string) => {
      const { file, offset, bytes } = tensors.get(tensor)!;
      const whole = new Uint8Array(await readFile(join(about.folder, file)));
      return floatsOf(whole.subarray(offset, offset + bytes));
    };
    const { hiddenSize, vocabSize } = architecture;
    const embedding = await read("model.embed_tokens.weight");
    const gain = await read("model.final_norm.weight");
    let text: HiddenText = {
      lengths: [tokens.length],
      hidden: Float32Array.from({ length: tokens.length * hiddenSize }, (_, i) => {
        const at = tokens[Math.floor(i / hiddenSize)]! * hiddenSize + (i % hiddenSize);
        return embedding[at]! * architecture.embeddingScale;
      }),
    };
    const unused = () => assert.fail("nothing is to be rounded");
    const weights = { folder: about.folder, tensors, read: unused, write: unused };
    const tools = { products: plainProducts, kernels: plainKernels, onRounded: unused };
    for (let layer = 0; layer < architecture.layers.length; layer++) {
      const task = { architecture, layer, weights, blocks: new Map<string, number>(), text };
      const next = await calibrateLayer(task, tools);
      // From what is known half way it goes on as if it had begun at the beginning.
      const isAttention = architecture.layers[layer]!.temporal === "attention";
      const cuts = [`temporal_block.${isAttention ? "o_proj" : "linear_out"}`, "mlp_block.down_proj"];
      const given = new Map<string, Float32Array>();
      for (const cut of cuts.map((linear) => `model.layers.${layer}.${linear}`)) {
        given.set(cut, await runLayer(task, undefined, given, cut));
      }
      assert(largestDifference(await runLayer(task, undefined, given), next.hidden) < 1e-6);
      const moved = new Map([...given].map(([linear, values]) => [linear, values.map((value) => value + 1)]));
      assert(largestDifference(await runLayer(task, undefined, moved), next.hidden) > 1e-3, "what is given counts");
      text = next;
    }
    for (let t = 0; t < tokens.length; t++) {
      const x = text.hidden.subarray(t * hiddenSize, (t + 1) * hiddenSize);
      const norm = Math.sqrt(x.reduce((sum, v) => sum + v * v, 0) / hiddenSize + architecture.rmsNormEpsilon);
      for (let v = 0; v < vocabSize; v++) {
        let sum = 0;
        for (let i = 0; i < hiddenSize; i++) sum += (x[i]! / norm) * gain[i]! * embedding[v * hiddenSize + i]!;
        const cap = architecture.logitsSoftCap!;
        assertClose(cap * Math.tanh(sum / cap), logits[t * vocabSize + v]!, 1e-4, `token ${t}, logit ${v}`);
      }
    }
  });

  it("has products of its own that are those of plain sums", async () => {
    const products = await RuntimeProducts.load();
    const matrix = (rows: number, columns: number) => ({
      data: Float32Array.from({ length: rows * columns }, (_, i) => Math.sin(i * i)),
      columns,
    });
    const [a, b] = [matrix(37, 19), matrix(37, 41)];
    for (const columns of [undefined, { aFrom: 3, aTo: 12, bFrom: 7 }, { aFrom: 0, aTo: 19, bFrom: 0 }]) {
      const found = await products.transposed(a, b, columns);
      const expected = await plainProducts.transposed(a, b, columns);
      assert.equal(found.length, expected.length);
      for (const [i, value] of found.entries()) {
        assertClose(value, expected[i]!, 1e-4, `product ${i} of ${JSON.stringify(columns)}`);
      }
    }
    await products.dispose();
  });

  async function filesOf(out: string): Promise<unknown> {
    const { displayName, ...json } = JSON.parse(await readFile(folder(out, "model.json"), "utf8"));
    return json.files;
  }
});

describe("the text that calibration runs on", () => {
  const folder = useTemporaryFolder("all tests");
  const read = (text: CalibrationText) => readSequences(text, "models/griffin-code-small", 2);

  it("is of many kinds, and long enough, as it comes along", async () => {
    assert(shippedTexts().length >= 12);
    checkSequences(await read("shipped"));
  });

  it("is taken from all over a folder", async () => {
    checkSequences(await read({ path: "src" }));
  });

  it("is refused with a sentence when there is too little of it, or when it may not be read", async () => {
    await writeFile(folder("small.py"), "print('hello')\n".repeat(100));
    await writeFile(folder(".env"), "PASSWORD=hunter2\n".repeat(1000));
    await assert.rejects(
      read({ path: folder() }),
      /has only \d+ tokens of code to calibrate on, and 2048 are the least/,
    );
    await assert.rejects(read({ path: folder("nowhere") }), /nothing to calibrate on at .*nowhere\. Check the path/);
    await assert.rejects(
      readSequences("shipped", folder(), 2),
      /^Error: Calibration reads text, and .* holds no tokenizer/,
    );
  });

  function checkSequences(sequences: readonly (readonly number[])[]): void {
    const lengths = sequences.map(({ length }) => length);
    assert(sequences.every(([first]) => first === 2));
    assert(lengths.every((length) => length > 64 && length <= 512));
    const total = lengths.reduce((sum, length) => sum + length, 0);
    assert(total > 4096 && total <= 8192, `${total} tokens`);
  }
});

/** Tokens that every tiny model knows, always the same for the same name. */
function randomSequences(name: string): number[][] {
  let state = name.length;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return 3 + ((state >>> 8) % 58);
  };
  return Array.from({ length: 12 }, (_, i) => [2, ...Array.from({ length: 40 + i }, next)]);
}
