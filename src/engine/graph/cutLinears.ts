// Linears some of whose inputs are given, and all of whose inputs can be asked for: calibration cuts a layer there.

import type { GraphWriter, Value } from "./graphWriter";
import { PROCESSOR } from "./kernels";
import { Linears } from "./linear";
import { linearInput } from "./names";
import type { Weights } from "./weights";

export class CutLinears extends Linears {
  /** By the linears' names, in the order in which they are applied. */
  readonly inputs = new Map<string, Value>();

  /** @param given linears that read an input of the graph instead */
  constructor(
    private readonly graph: GraphWriter,
    weights: Weights,
    private readonly given: readonly string[],
  ) {
    super(graph, weights, PROCESSOR);
  }

  override apply(name: string, x: Value, inSize: number, outSize: number, options: { readonly bias: boolean }): Value {
    const input = this.given.includes(name) ? this.graph.input(linearInput(name), "float32", ["T", inSize]) : x;
    this.inputs.set(name, input);
    return super.apply(name, input, inSize, outSize, options);
  }
}
