// Matrices that are too large, or too wide, for one operator.

import assert from "node:assert/strict";
import { buildGraph } from "../../src/engine/graph/buildGraph";
import { SATURATING_PROCESSOR } from "../../src/engine/graph/kernels";
import { processorKernels, readTensors } from "../../src/engine/model/loadModel";
import { readModelFolder } from "../../src/engine/model/modelFolder";
import { loadOnnxModel } from "../../src/engine/model/onnxModel";
import { largestDifference, runInChunks } from "../support/logits";
import { TINY, TOKENS } from "../support/tinyTuning";

describe("a large matrix", () => {
  it("is multiplied in parts to the same logits", async () => {
    const about = await readModelFolder(TINY);
    const tensors = await readTensors(about);
    const embedding = tensors.get("model.embed_tokens.weight")!;
    const whole = buildGraph(about.architecture, tensors, SATURATING_PROCESSOR);
    const inParts = { largestPartBytes: embedding.bytes / 3 };
    const parts = buildGraph(about.architecture, tensors, SATURATING_PROCESSOR, inParts);
    const products = (graph: Uint8Array) => Buffer.from(graph).toString("latin1").split("MatMulNBits").length;
    assert.ok(products(parts) > products(whole));
    const logits = [];
    for (const graph of [whole, parts]) {
      const model = await loadOnnxModel(graph, about.folder, about.architecture, { threads: 1 });
      logits.push(await runInChunks(model, TOKENS, [7]));
      await model.dispose();
    }
    assert.ok(largestDifference(logits[0]!, logits[1]!) < 1e-6);
  });

  it("of int8 has a scale for each part of its wide inputs, and the products add up to the same", async () => {
    const about = await readModelFolder(TINY);
    const tensors = await readTensors(about);
    const logits = [];
    const products = [];
    for (const largestScaledInputs of [undefined, 16]) {
      const options = { ...(largestScaledInputs && { largestScaledInputs }) };
      const graph = buildGraph(about.architecture, tensors, await processorKernels(), options);
      products.push(Buffer.from(graph).toString("latin1").split("MatMulIntegerToFloat").length);
      const model = await loadOnnxModel(graph, about.folder, about.architecture, { threads: 1 });
      logits.push(await runInChunks(model, TOKENS, [7]));
      await model.dispose();
    }
    assert.ok(products[1]! > products[0]!);
    // Other roundings, of logits that reach 3.9.
    const difference = largestDifference(logits[0]!, logits[1]!);
    assert.ok(difference > 0 && difference < 0.3, `${difference}`);
  });
});
