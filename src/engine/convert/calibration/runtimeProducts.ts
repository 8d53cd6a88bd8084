// Calibration's products by onnxruntime, on all processors.

import { GraphWriter } from "../../graph/graphWriter";
import { float32, floats, int64, Session, type Tensor, type Tensors } from "../../model/onnxRuntime";
import type { Columns, Matrix, Products } from "./products";

export class RuntimeProducts implements Products {
  private constructor(
    private readonly whole: Session,
    private readonly parts: Session,
    private readonly signal: AbortSignal | undefined,
  ) {}

  /** @param signal ends the work between two products */
  static async load(signal?: AbortSignal): Promise<RuntimeProducts> {
    const load = (isPart: boolean) => Session.load(productGraph(isPart), ".", { threads: 0, prepack: false });
    return new RuntimeProducts(await load(false), await load(true), signal);
  }

  async transposed(a: Matrix, b: Matrix, columns?: Columns): Promise<Float32Array> {
    this.signal?.throwIfAborted();
    const inputs = { a: tensorOf(a), b: tensorOf(b) };
    if (columns === undefined) return product(this.whole, inputs);
    const { aFrom, aTo, bFrom } = columns;
    return product(this.parts, { ...inputs, a_from: int64([aFrom]), a_to: int64([aTo]), b_from: int64([bFrom]) });
  }

  async dispose(): Promise<void> {
    await this.whole.dispose();
    await this.parts.dispose();
  }
}

/** aᵀ · b, of all columns, which are then not copied, or of some. */
function productGraph(isPart: boolean): Uint8Array {
  const g = new GraphWriter("product");
  const matrix = (name: string) => g.input(name, "float32", ["rows", `${name}_columns`]);
  const bound = (name: string) => g.input(name, "int64", [1]);
  const columns = (x: string, from: string, to: string) => g.op("Slice", [x, from, to, g.constant("int64", [1])]);
  let [a, b] = [matrix("a"), matrix("b")];
  if (isPart) {
    a = columns(a, bound("a_from"), bound("a_to"));
    b = columns(b, bound("b_from"), g.constant("int64", [2 ** 31]));
  }
  g.op("FusedMatMul", [a, b], { domain: "com.microsoft", attributes: { transA: 1 }, outputs: ["product"] });
  g.output("product", "float32", ["a_part", "b_part"]);
  return g.toModel();
}

function tensorOf({ data, columns }: Matrix): Tensor {
  return float32(data, [data.length / columns, columns]);
}

async function product(session: Session, inputs: Tensors): Promise<Float32Array> {
  return floats(await session.run(inputs), "product");
}
