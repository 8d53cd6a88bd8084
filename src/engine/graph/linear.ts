// y = x Wᵀ + b for each stored form of W (models/README.md): float32, int8 with int8 activations, 4- or 8-bit blocks.

import type { GraphWriter, Value } from "./graphWriter";
import type { Kernels } from "./kernels";
import type { RowRange, Weights } from "./weights";

/** The smallest row maximum that activations are scaled by, so that a row of zeros divides by something. */
const SMALLEST_ROW_MAXIMUM = 1e-9;

/** For tests, whose matrices are small. */
export interface LinearOptions {
  /**
   * A matrix in blocks with more bytes than this is multiplied in parts: the runtime packs each into one allocation,
   * and Electron ends a process that asks for a gibibyte at once (the output head of RecurrentGemma 9B).
   */
  readonly largestPartBytes?: number;
  /**
   * Activations rounded to int8 share a scale with this many others of their row, at most, so that a large one costs only
   * its neighbors their precision: those of a checkpoint have not been made ready for it, as training/model/rows8.py does
   * (models/README.md, "How `griffin convert` rounds", tells what that costs).
   */
  readonly largestScaledInputs?: number;
}

const LARGEST_SCALED_INPUTS = 2560;

const LARGEST_PART_BYTES = 128 * 2 ** 20;
/** Kernels work on this many outputs at a time. */
const PART_ROWS = 64;
/** For rows that become blocks: the largest that fits. */
const BLOCK_SIZES = [128, 64, 32, 16];

export class Linears {
  /** Activations already rounded to int8, in parts: several linears share one input. */
  readonly #quantized = new Map<Value, readonly QuantizedRows[]>();
  /** uint8 [T]: QuantizeLinear wants one for each row. The output head, which alone has other rows, is never int8 (embedding.ts). */
  #zeroPoints: Value | undefined;

  constructor(
    private readonly g: GraphWriter,
    private readonly weights: Weights,
    private readonly kernels: Pick<Kernels, "int8Products">,
    private readonly options: LinearOptions = {},
  ) {}

  /**
   * The linear stored under `${name}.weight`, applied to x [T, inSize].
   * @returns [T, outSize]
   */
  apply(name: string, x: Value, inSize: number, outSize: number, options: { readonly bias: boolean }): Value {
    const bias = options.bias ? this.weights.value(`${name}.bias`, "F32", [outSize]) : undefined;
    const { dtype } = this.weights.find(`${name}.weight`);
    if (dtype === "F32") return this.#float(name, x, inSize, outSize, bias);
    const y = this.#product(dtype, name, x, inSize, outSize);
    return bias === undefined ? y : this.g.op("Add", [y, bias]);
  }

  #product(dtype: string, name: string, x: Value, inSize: number, outSize: number): Value {
    if (dtype !== "I8") return this.#blocks(name, x, inSize, outSize);
    return this.kernels.int8Products === "blocks"
      ? this.#rowsAsBlocks(name, x, inSize, outSize)
      : this.#rows(name, x, inSize, outSize);
  }

  #float(name: string, x: Value, inSize: number, outSize: number, bias: Value | undefined): Value {
    const weight = this.weights.value(`${name}.weight`, "F32", [outSize, inSize]);
    return this.g.op("Gemm", bias === undefined ? [x, weight] : [x, weight, bias], { attributes: { transB: 1 } });
  }

  /** W8A8: the product of two int8 matrices, scaled per row of each part of x and per output. */
  #rows(name: string, x: Value, inSize: number, outSize: number): Value {
    const scale = this.weights.value(`${name}.scale`, "F32", [outSize]);
    const known = this.#quantized.get(x);
    const parts = known ?? this.#split(x, inSize).map((part) => this.#quantizeRows(part));
    this.#quantized.set(x, parts);
    const count = inSize / parts.length;
    const products = parts.map((part, index) => {
      const rows = parts.length === 1 ? undefined : { first: index * count, count };
      return this.#int8Product(part, this.weights.rows(`${name}.weight`, "I8", [inSize, outSize], rows), scale);
    });
    return products.length === 1 ? products[0]! : this.g.op("Sum", products);
  }

  #split(x: Value, inSize: number): readonly Value[] {
    const count = partCount(inSize, this.options.largestScaledInputs ?? LARGEST_SCALED_INPUTS);
    return count === 1 ? [x] : this.g.ops("Split", [x], count, { attributes: { axis: 1, num_outputs: count } });
  }

  #int8Product(rows: QuantizedRows, weight: Value, scale: Value): Value {
    const [operand, zeroPoint] =
      this.kernels.int8Products === "uint8"
        ? [this.#unsigned(weight), this.g.scalar("uint8", 128)]
        : [weight, this.g.scalar("int8", 0)];
    const product = this.g.op(
      "MatMulIntegerToFloat",
      [rows.values, operand, this.g.scalar("float32", 1), scale, rows.zeroPoint, zeroPoint],
      { domain: "com.microsoft" },
    );
    return this.g.op("Mul", [product, rows.scale]);
  }

  /** int8 + 128 as uint8, by flipping the sign bit; the runtime folds this into the weights when it loads them. */
  #unsigned(weight: Value): Value {
    const bits = this.g.cast(weight, "uint8");
    return this.g.op("BitwiseXor", [bits, this.g.scalar("uint8", 0x80)]);
  }

  /** Rounds each row of x [T, size] to uint8 around 128 with its own scale: max |x| of the row / 127. */
  #quantizeRows(x: Value): QuantizedRows {
    const g = this.g;
    const ofRow = (extreme: "ReduceMax" | "ReduceMin") =>
      g.op(extreme, [x, g.constant("int64", [1])], { attributes: { keepdims: 0 } });
    // max |x|, without a copy of x.
    const negated = g.op("Neg", [ofRow("ReduceMin")]);
    const maxima = g.op("Max", [ofRow("ReduceMax"), negated, g.scalar("float32", SMALLEST_ROW_MAXIMUM)]);
    const scales = g.op("Mul", [maxima, g.scalar("float32", 1 / 127)]);
    this.#zeroPoints ??= g.op("Expand", [g.scalar("uint8", 128), g.op("Shape", [scales])]);
    // One pass over x, where Div, Round, Add and Cast were four.
    const values = g.op("QuantizeLinear", [x, scales, this.#zeroPoints], { attributes: { axis: 0 } });
    const scale = g.op("Unsqueeze", [scales, g.constant("int64", [1])]);
    return { values, scale, zeroPoint: g.scalar("uint8", 128) };
  }

  /** The same weights as 8-bit blocks, all blocks of an output with its one scale; the runtime folds this, too. */
  #rowsAsBlocks(name: string, x: Value, inSize: number, outSize: number): Value {
    const g = this.g;
    const blockSize = BLOCK_SIZES.find((size) => inSize % size === 0);
    if (blockSize === undefined) throw new Error(`The ${inSize} inputs of "${name}" cannot be cut into blocks`);
    const blocks = inSize / blockSize;
    const shifted = this.#unsigned(this.weights.value(`${name}.weight`, "I8", [inSize, outSize]));
    const byOutput = g.op("Transpose", [shifted], { attributes: { perm: [1, 0] } });
    const weight = g.op("Reshape", [byOutput, g.constant("int64", [outSize, blocks, blockSize])]);
    const scale = g.op("Unsqueeze", [this.weights.value(`${name}.scale`, "F32", [outSize]), g.constant("int64", [1])]);
    const scales = g.op("Expand", [scale, g.constant("int64", [outSize, blocks])]);
    return this.#blockProduct(x, [weight, scales], { K: inSize, N: outSize, bits: 8, block_size: blockSize });
  }

  /** 4- or 8-bit blocks; accuracy level 4 rounds the activations to int8 per block, which is the fast kernel. */
  #blocks(name: string, x: Value, inSize: number, outSize: number): Value {
    const limit = this.options.largestPartBytes ?? LARGEST_PART_BYTES;
    const parts = Math.ceil(this.weights.find(`${name}.weight`).bytes / limit);
    const partRows = Math.ceil(outSize / parts / PART_ROWS) * PART_ROWS;
    if (partRows >= outSize) return this.#blockRows(name, x, inSize, outSize);
    const products: Value[] = [];
    for (let first = 0; first < outSize; first += partRows) {
      const rows = { first, count: Math.min(partRows, outSize - first) };
      products.push(this.#blockRows(name, x, inSize, outSize, rows));
    }
    return this.g.op("Concat", products, { attributes: { axis: 1 } });
  }

  #blockRows(name: string, x: Value, inSize: number, outSize: number, rows?: RowRange): Value {
    const { bits, blockSize, operands } = blockOperands(this.weights, name, inSize, outSize, rows);
    return this.#blockProduct(x, operands, { K: inSize, N: rows?.count ?? outSize, bits, block_size: blockSize });
  }

  #blockProduct(x: Value, operands: readonly Value[], sizes: Readonly<Record<string, number>>): Value {
    const attributes = { ...sizes, accuracy_level: 4 };
    return this.g.op("MatMulNBits", [x, ...operands], { domain: "com.microsoft", attributes });
  }
}

/** The fewest equal parts of which none is too wide for one scale; one where they would be narrow, each with a product. */
function partCount(inSize: number, largest: number): number {
  const least = Math.ceil(inSize / largest);
  for (let count = least; count <= 2 * least; count++) if (inSize % count === 0) return count;
  return 1;
}

interface QuantizedRows {
  readonly values: Value;
  readonly scale: Value;
  readonly zeroPoint: Value;
}

/** The operands of MatMulNBits and of GatherBlockQuantized for a linear stored in blocks: for all outputs or `rows`. */
export function blockOperands(
  weights: Weights,
  name: string,
  inSize: number,
  outSize: number,
  rows?: RowRange,
): BlockOperands {
  const weight = weights.find(`${name}.weight`);
  const blocks = weight.shape[1] ?? 0;
  const blockSize = inSize / blocks;
  const bits = (8 * (weight.shape[2] ?? 0)) / blockSize;
  if (weight.shape.length !== 3 || !Number.isInteger(blockSize) || (bits !== 4 && bits !== 8)) {
    throw new Error(`The tensor "${name}.weight" [${weight.shape}] is not in 4- or 8-bit blocks of ${inSize} inputs`);
  }
  const operand = (suffix: string, dtype: "U8" | "F32", shape: readonly number[]) =>
    weights.rows(`${name}.${suffix}`, dtype, shape, rows);
  const operands = [
    operand("weight", "U8", [outSize, blocks, (blockSize * bits) / 8]),
    operand("scales", "F32", [outSize, blocks]),
  ];
  if (weights.has(`${name}.zero_points`)) {
    operands.push(operand("zero_points", "U8", [outSize, Math.ceil((blocks * bits) / 8)]));
  }
  return { bits, blockSize, blocks, operands };
}

export interface BlockOperands {
  readonly bits: number;
  readonly blockSize: number;
  readonly blocks: number;
  /** Weight, scales and, when stored, zero points. */
  readonly operands: readonly Value[];
}
