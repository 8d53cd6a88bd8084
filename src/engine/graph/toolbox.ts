// What the blocks of the graph are written with.

import type { GraphWriter } from "./graphWriter";
import type { Kernels } from "./kernels";
import type { Linears } from "./linear";
import type { Positions } from "./positions";
import type { Weights } from "./weights";

export interface Toolbox {
  readonly g: GraphWriter;
  readonly weights: Weights;
  readonly linears: Linears;
  readonly positions: Positions;
  readonly kernels: Kernels;
  readonly rmsNormEpsilon: number;
  /** D, the width of the residual stream. */
  readonly hiddenSize: number;
}
