import assert from "node:assert/strict";
import { calibrationBytes } from "../../../../src/engine/convert/calibration/room";
import { parseCheckpointConfig } from "../../../../src/engine/convert/config";
import { encodingOf, outputsOf } from "../../../../src/engine/convert/encoding";
import { expectedTensors } from "../../../../src/engine/convert/tensors";
import { byteLength, elementCount } from "../../../../src/engine/model/safetensors";
import { CATALOGUE, FORMS, folderNameOf, modelOfFolder, storedForm } from "../../../../src/extension/models/catalogue";
import { assertClose } from "../../../support/assertClose";

/** What google's config.json files say, as far as it sets sizes. */
const CONFIGS: Readonly<Record<string, object>> = {
  "2b": { hidden_size: 2560, intermediate_size: 15360, num_attention_heads: 10, num_hidden_layers: 26 },
  "9b": { hidden_size: 4096, intermediate_size: 24576, num_attention_heads: 16, num_hidden_layers: 38 },
};
const COMMON = { model_type: "recurrent_gemma", head_dim: 256, num_key_value_heads: 1, vocab_size: 256000 };
/** Checkpoints that hold the embedding a second time, as `lm_head.weight`. */
const HAS_REPEATED_HEAD = /9b/;
/** tokenizer.json, and headers. */
const TEXTS_BYTES = 17_500_000;

describe("catalogue", () => {
  for (const model of CATALOGUE) {
    it(`tells ${model.displayName}'s sizes as the converter would`, () => {
      const config = CONFIGS[/(2b|9b)/.exec(model.id)![0]];
      const { architecture } = parseCheckpointConfig({ ...COMMON, ...config });
      const tensors = expectedTensors(architecture);
      const parameters = tensors.reduce((sum, { shape }) => sum + elementCount(shape), 0);
      const head = tensors.find(({ treatment }) => treatment === "embedding")!;
      const repeated = HAS_REPEATED_HEAD.test(model.id) ? elementCount(head.shape) : 0;
      assertNear(model.downloadBytes, 2 * (parameters + repeated) + TEXTS_BYTES);
      assertNear(model.calibrationBytes, calibrationBytes(architecture, tensors));
      for (const form of FORMS) {
        const specs = tensors.flatMap((tensor) =>
          Object.values(outputsOf(tensor, encodingOf(tensor, storedForm(form)))),
        );
        assertNear(
          model.storedBytes[storedForm(form)],
          specs.reduce((sum, spec) => sum + byteLength(spec), TEXTS_BYTES),
        );
      }
    });
  }

  it("finds a model by its folder's name", () => {
    for (const model of CATALOGUE) {
      for (const form of FORMS) assert.deepEqual(modelOfFolder(folderNameOf(model.id, form)), { model, form });
    }
    assert.equal(modelOfFolder("recurrentgemma-2b"), undefined);
  });
});

function assertNear(found: number, expected: number): void {
  assertClose(found, expected, 0.005 * expected);
}
