// A number that is none, somewhere in a run: neither a text nor a state comes of it.

import assert from "node:assert/strict";
import { join } from "node:path";
import { KvView } from "../../src/engine/model/kvLog";
import { loadModel } from "../../src/engine/model/loadModel";
import type { Model } from "../../src/engine/model/model";
import { readModelFolder } from "../../src/engine/model/modelFolder";
import type { LayerState, State } from "../../src/engine/model/state";

const TOKENS = [2, 20, 30, 40];

/** `state` with a number that is none in its first layer of a kind. */
function poisoned(state: State, kind: LayerState["kind"]): State {
  const at = state.layers.findIndex((layer) => layer.kind === kind);
  return { ...state, layers: state.layers.map((layer, index) => (index === at ? withNonsense(layer) : layer)) };
}

function withNonsense(layer: LayerState): LayerState {
  if (layer.kind === "recurrent") return { ...layer, rgLruState: layer.rgLruState.with(0, Number.NaN) };
  const { shape, position, window, firstRow } = layer.kv;
  const kv = KvView.restore(shape, position, { ...window, keys: window.keys.with(0, Number.NaN) }, firstRow);
  return { ...layer, kv };
}

describe("a run that computes what is no number", () => {
  for (const name of ["tiny-griffin", "tiny-griffin-int8", "tiny-gemma", "tiny-gemma-int8"]) {
    describe(`of ${name}`, () => {
      let model: Model;
      before(async () => {
        model = await loadModel(await readModelFolder(join("test", "fixtures", name)), { threads: 1 });
      });
      after(() => model.dispose());

      it("fails, whether its logits are wanted or its state", async () => {
        const { state } = await model.forward(TOKENS, model.emptyState, [0]);
        for (const { kind } of state.layers) {
          for (const rows of [[0], [3], []]) {
            await assert.rejects(
              model.forward(TOKENS, poisoned(state, kind), rows),
              /are not numbers\. .* its files may be damaged\.$/,
            );
            await model.forward(TOKENS, state, rows);
          }
        }
      });
    });
  }
});
