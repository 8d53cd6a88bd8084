// What the blocks of the graph are written with.

import type { GraphWriter } from "./graphWriter";
import type { Kernels } from "./kernels";
import type { Linears } from "./linear";
import type { Norms } from "./norm";
import type { Positions } from "./positions";
import type { Weights } from "./weights";

export interface Toolbox {
  readonly g: GraphWriter;
  readonly weights: Weights;
  readonly linears: Linears;
  readonly norms: Norms;
  readonly positions: Positions;
  readonly kernels: Kernels;
  /** D, the width of the residual stream. */
  readonly hiddenSize: number;
}
