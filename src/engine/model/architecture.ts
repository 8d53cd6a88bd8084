// What a model is, as model.json describes it. Knows no files and no runtime.
//
// One stack of layers describes every member of the family: RecurrentGemma 2B and 9B are one setting, the bundled
// model another, the tests' tiny models others. models/README.md explains each key; what is not listed here is
// refused by name, so that a model that needs something newer fails with a sentence instead of wrong logits.

import { Fields } from "./fields";

export interface Architecture {
  /** Width of the residual stream, D. */
  readonly hiddenSize: number;
  /** Rows of the embedding, V. */
  readonly vocabSize: number;
  readonly rmsNormEpsilon: number;
  /** Multiplies the input embeddings, rounded as the reference rounds it (bfloat16 for the Gemma family). */
  readonly embeddingScale: number;
  /** logits = cap · tanh(logits / cap), or no cap. */
  readonly logitsSoftCap: number | null;
  readonly layers: readonly Layer[];
}

export type Layer = AttentionLayer | RecurrentLayer;

interface LayerBase {
  /** RMS norms of the temporal block's and the MLP's outputs before they join the residual stream. */
  readonly postNorms: boolean;
  /** Width of the gated MLP, F. 0 is a block of temporal mixing alone: no MLP, and no norms around it. */
  readonly mlpWidth: number;
  readonly mlpBias: boolean;
}

/** Local attention whose query heads share one key/value head. */
export interface AttentionLayer extends LayerBase {
  readonly temporal: "attention";
  readonly numHeads: number;
  readonly headDim: number;
  /** How many earlier tokens a query sees, besides itself. */
  readonly window: number;
  readonly ropeBase: number;
  /** The first `ropeDims` dimensions of each head rotate, in pairs (d, d + ropeDims / 2). */
  readonly ropeDims: number;
  /** Multiplies q·k. */
  readonly queryScale: number;
  /** RMS norms of each head's query and key before RoPE. */
  readonly queryKeyNorm: boolean;
  readonly outputBias: boolean;
  /** `first-token`: the first token's key and value stay visible beyond the window. */
  readonly sink: "none" | "first-token";
}

/** Griffin's recurrent block: a causal convolution and an RG-LRU, gated by a GeLU branch (arXiv 2402.19427, 2.3-2.4). */
export interface RecurrentLayer extends LayerBase {
  readonly temporal: "recurrent";
  readonly lruWidth: number;
  /** The gates' weights are block-diagonal with this many blocks. */
  readonly numGateBlocks: number;
  readonly convWidth: number;
}

/**
 * How far away the first token may seem where it is a sink. Measured on the bundled model, bits a token of the same Go file:
 * 1.83 with the first token 8,192 tokens back, 1.84 at 32,768, 1.96 at 131,072, 2.22 at 524,288.
 */
export const SINK_REACH = 8192;
/**
 * While the window holds the first token, it is seen from where it is. In a run that begins there, a query may be the run's
 * length beyond: no farther than SINK_REACH, or what it sees would depend on where a prompt is cut into runs.
 */
const WIDEST_WITH_SINK = SINK_REACH - 1024;

/** Reads and checks the `architecture` part of a model.json. Throws an Error that names the key that is wrong. */
export function parseArchitecture(json: unknown): Architecture {
  const read = new Fields(json, "architecture");
  const architecture: Architecture = {
    hiddenSize: read.count("hiddenSize"),
    vocabSize: read.count("vocabSize"),
    rmsNormEpsilon: read.positive("rmsNormEpsilon"),
    embeddingScale: read.positive("embeddingScale"),
    logitsSoftCap: read.value("logitsSoftCap") === null ? null : read.positive("logitsSoftCap"),
    layers: read.list("layers").map((layer, index) => parseLayer(layer, `architecture.layers[${index}]`)),
  };
  read.refuseOthers();
  if (architecture.layers.length === 0) throw new Error("architecture.layers is empty");
  return architecture;
}

/** Earlier tokens that an attention layer sees, in that which sees most; 0 without attention. */
export function widestWindow({ layers }: Architecture): number {
  return Math.max(0, ...layers.map((layer) => (layer.temporal === "attention" ? layer.window : 0)));
}

function parseLayer(json: unknown, where: string): Layer {
  const read = new Fields(json, where);
  const temporal = read.oneOf("temporal", ["attention", "recurrent"]);
  const base: LayerBase = {
    postNorms: read.flag("postNorms"),
    mlpWidth: read.value("mlpWidth") === 0 ? 0 : read.count("mlpWidth"),
    mlpBias: read.flag("mlpBias"),
  };
  const layer: Layer =
    temporal === "attention"
      ? {
          ...base,
          temporal,
          numHeads: read.count("numHeads"),
          headDim: read.count("headDim"),
          window: read.count("window"),
          ropeBase: read.positive("ropeBase"),
          ropeDims: read.count("ropeDims"),
          queryScale: read.positive("queryScale"),
          queryKeyNorm: read.flag("queryKeyNorm"),
          outputBias: read.flag("outputBias"),
          sink: read.oneOf("sink", ["none", "first-token"]),
        }
      : {
          ...base,
          temporal,
          lruWidth: read.count("lruWidth"),
          numGateBlocks: read.count("numGateBlocks"),
          convWidth: read.count("convWidth"),
        };
  read.refuseOthers();
  if (layer.temporal === "attention" && (layer.ropeDims % 2 !== 0 || layer.ropeDims > layer.headDim)) {
    throw new Error(`${where}.ropeDims must be even and at most headDim (${layer.headDim}), not ${layer.ropeDims}`);
  }
  if (layer.temporal === "attention" && layer.sink !== "none" && layer.window > WIDEST_WITH_SINK) {
    throw new Error(
      `${where}.window must be at most ${WIDEST_WITH_SINK} where the layer has a sink, not ${layer.window}`,
    );
  }
  if (layer.temporal === "recurrent" && layer.lruWidth % layer.numGateBlocks !== 0) {
    throw new Error(
      `${where}.lruWidth (${layer.lruWidth}) is not a multiple of numGateBlocks (${layer.numGateBlocks})`,
    );
  }
  return layer;
}
