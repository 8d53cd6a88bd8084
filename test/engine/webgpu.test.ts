// The graph on a graphics card, which here is one in software (tools/setUp/softwareVulkan.mjs): slow, but onnxruntime's WebGPU
// provider and its kernels are the real ones.

import assert from "node:assert/strict";
import { convertCheckpoint } from "../../src/engine/convert/convertCheckpoint";
import { tryInChild } from "../../src/engine/tuning/tryProviders";
import { writeBigramCheckpoint } from "../support/bigramCheckpoint";
import { withReplaced } from "../support/replaced";
import { useTemporaryFolder } from "../support/temporaryFolder";

/** As tools/setUp/softwareVulkan.mjs tells it. */
const DEVICE: { readonly env?: NodeJS.ProcessEnv; readonly missing?: string; readonly isNeeded?: boolean } = JSON.parse(
  process.env.GRIFFIN_TEST_VULKAN ?? '{ "missing": "Only `npm test` looks for a device." }',
);

describe("a model on WebGPU", function () {
  this.timeout(5 * 60_000);
  const folder = useTemporaryFolder("all tests");

  before(function () {
    const { missing, isNeeded } = DEVICE;
    if (missing === undefined) return;
    if (isNeeded) assert.fail(missing);
    console.log(`    Skipped: ${missing}`);
    this.skip();
  });

  /** How far its logits are from the processor's: from a text's first token on, and where every window is full. */
  async function difference(model: string): Promise<number> {
    return withReplaced(
      process.env,
      DEVICE.env!,
      async () => (await tryInChild("dist", model)("webgpu", 1)).difference,
    );
  }

  // Attention with a sink, and recurrent layers.
  it("gives the processor's logits at float32", async () => {
    assert.ok((await difference("test/fixtures/tiny-griffin")) < 1e-5);
  });

  it("gives nearly the same at 8 bits, where it does not round activations", async () => {
    const moved = await difference("test/fixtures/tiny-gemma-int8");
    assert.ok(moved > 0 && moved < 0.05, String(moved));
  });

  for (const weights of ["int8", "int4"] as const) {
    it(`gives nearly the same with a converted RecurrentGemma, ${weights}`, async () => {
      const checkpointDir = folder("checkpoint");
      const outDir = folder(weights);
      await writeBigramCheckpoint(checkpointDir, "quix");
      await convertCheckpoint({ checkpointDir, outDir, weights, threads: 0 });
      const moved = await difference(outDir);
      assert.ok(moved < 0.05, String(moved));
    });
  }
});
