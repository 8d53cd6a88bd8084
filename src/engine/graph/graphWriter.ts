// Writes an ONNX model: nodes, constants, inputs and outputs. Knows nothing of neural networks.
//
// Values are named by strings, as in ONNX. Every node's outputs get fresh names unless the caller gives them, so a
// layer can be written as plain function calls: `const y = g.op("Add", [a, b])`.

import { create, toBinary } from "@bufbuild/protobuf";
import {
  type AttributeProto,
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  TensorProto_DataLocation as DataLocation,
  TensorProto_DataType as DataType,
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  TensorProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from "./proto/onnx_pb";

/** The name of a tensor in the graph. */
export type Value = string;

/** Where a stored tensor's bytes lie. */
export interface ExternalTensor {
  readonly type: ElementType;
  readonly shape: readonly number[];
  /** File name beside the model, and the byte range in it. */
  readonly file: string;
  readonly offset: number;
  readonly bytes: number;
}

/** Types of constants that are kept in the model itself. */
type ConstantType = "float32" | "float64" | "int64" | "uint8" | "int8";

export type ElementType = "float32" | "float64" | "uint8" | "int8" | "int32" | "int64";

export type Attributes = Readonly<Record<string, number | string | readonly number[] | FloatAttribute | GraphWriter>>;

/** Marks an attribute as floating point, which a plain number cannot show. */
export interface FloatAttribute {
  readonly float: number;
}

export interface OpOptions {
  readonly attributes?: Attributes;
  readonly domain?: "com.microsoft";
  readonly outputs?: readonly Value[];
}

/** ONNX 1.18's operator set and file version: the newest that onnxruntime 1.30 takes as released. */
const OPSET_VERSION = 23n;
const IR_VERSION = 10n;

const ELEMENT_TYPES: Record<ElementType, DataType> = {
  float32: DataType.FLOAT,
  float64: DataType.DOUBLE,
  uint8: DataType.UINT8,
  int8: DataType.INT8,
  int32: DataType.INT32,
  int64: DataType.INT64,
};

export class GraphWriter {
  readonly #nodes: NodeProto[] = [];
  readonly #initializers: TensorProto[] = [];
  readonly #inputs: ValueInfoProto[] = [];
  readonly #outputs: ValueInfoProto[] = [];
  readonly #constants = new Map<string, Value>();
  /** Public names of computed values. */
  readonly #published = new Map<Value, Value>();
  #count = 0;

  constructor(private readonly name: string) {}

  /** Adds a node with one output and returns it. */
  op(opType: string, inputs: readonly Value[], options: OpOptions = {}): Value {
    return this.ops(opType, inputs, 1, options)[0]!;
  }

  /** Adds a node with `outputCount` outputs and returns them. */
  ops(opType: string, inputs: readonly Value[], outputCount: number, options: OpOptions = {}): readonly Value[] {
    const name = `${this.name}.${opType}_${this.#count++}`;
    const outputs = options.outputs ?? Array.from({ length: outputCount }, (_, index) => `${name}:${index}`);
    this.#nodes.push(
      create(NodeProtoSchema, {
        name,
        opType,
        domain: options.domain ?? "",
        input: [...inputs],
        output: [...outputs],
        attribute: Object.entries(options.attributes ?? {}).map(([key, value]) => attribute(key, value)),
      }),
    );
    return outputs;
  }

  /** A small constant kept in the model itself; equal constants are stored once. */
  constant(type: ConstantType, values: readonly number[], shape: readonly number[] = [values.length]): Value {
    const key = `${type}[${shape.join()}]${values.join()}`;
    let name = this.#constants.get(key);
    if (name === undefined) {
      name = `${this.name}.constant_${this.#constants.size}`;
      this.#constants.set(key, name);
      this.#initializers.push(
        create(TensorProtoSchema, {
          name,
          dims: dims(shape),
          dataType: ELEMENT_TYPES[type],
          rawData: rawBytes(type, values),
        }),
      );
    }
    return name;
  }

  cast(x: Value, to: ElementType): Value {
    return this.op("Cast", [x], { attributes: { to: ELEMENT_TYPES[to] } });
  }

  scalar(type: ConstantType, value: number): Value {
    return this.constant(type, [value], []);
  }

  /** A tensor whose bytes stay in a file beside the model, so that the runtime maps them into memory. */
  external(name: Value, tensor: ExternalTensor): Value {
    const entries: Record<string, string> = {
      location: tensor.file,
      offset: String(tensor.offset),
      length: String(tensor.bytes),
    };
    this.#initializers.push(
      create(TensorProtoSchema, {
        name,
        dims: dims(tensor.shape),
        dataType: ELEMENT_TYPES[tensor.type],
        dataLocation: DataLocation.EXTERNAL,
        externalData: Object.entries(entries).map(([key, value]) => ({ key, value })),
      }),
    );
    return name;
  }

  /** Declares an input; a dimension given by name may differ from run to run. */
  input(name: Value, type: ElementType, shape: readonly (number | string)[]): Value {
    this.#inputs.push(valueInfo(name, type, shape));
    return name;
  }

  output(name: Value, type: ElementType, shape: readonly (number | string)[]): void {
    this.#outputs.push(valueInfo(name, type, shape));
  }

  /** Makes a computed value an output of its own name: without a node, where an Identity would copy. */
  publish(value: Value, name: Value, type: ElementType, shape: readonly (number | string)[]): void {
    if (this.#published.has(value)) throw new Error(`${value} is published already, as ${this.#published.get(value)}`);
    if (!this.#nodes.some((node) => node.output.includes(value))) throw new Error(`No node computes ${value}`);
    this.#published.set(value, name);
    this.output(name, type, shape);
  }

  /** In ONNX's wire format: what `outputs`, by default all, depend on. */
  toModel(outputs?: readonly Value[]): Uint8Array {
    return toBinary(
      ModelProtoSchema,
      create(ModelProtoSchema, {
        irVersion: IR_VERSION,
        producerName: "griffin-code",
        opsetImport: [
          { domain: "", version: OPSET_VERSION },
          { domain: "com.microsoft", version: 1n },
        ],
        graph: this.toGraph(outputs),
      }),
    );
  }

  toGraph(outputs: readonly Value[] = this.#outputs.map(({ name }) => name)) {
    const nodes = this.#nodes.map((node) => this.#withPublicNames(node));
    const needed = neededFor(outputs, nodes);
    return create(GraphProtoSchema, {
      name: this.name,
      node: nodes.filter((node) => node.output.some((output) => needed.has(output))),
      initializer: this.#initializers.filter(({ name }) => needed.has(name)),
      input: this.#inputs,
      output: this.#outputs.filter(({ name }) => outputs.includes(name)),
    });
  }

  #withPublicNames(node: NodeProto): NodeProto {
    const named = (values: readonly Value[]) => values.map((value) => this.#published.get(value) ?? value);
    return { ...node, input: named(node.input), output: named(node.output) };
  }
}

/** Nodes stand after those that they depend on, and graphs within them take nothing but their inputs. */
function neededFor(outputs: readonly Value[], nodes: readonly NodeProto[]): ReadonlySet<Value> {
  const needed = new Set(outputs);
  for (const node of nodes.toReversed()) {
    if (node.output.some((output) => needed.has(output))) for (const input of node.input) needed.add(input);
  }
  return needed;
}

function attribute(name: string, value: Attributes[string]): AttributeProto {
  if (typeof value === "number")
    return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(value) });
  if (typeof value === "string") {
    return create(AttributeProtoSchema, { name, type: AttributeType.STRING, s: new TextEncoder().encode(value) });
  }
  if (value instanceof GraphWriter) {
    return create(AttributeProtoSchema, { name, type: AttributeType.GRAPH, g: value.toGraph() });
  }
  if ("float" in value) return create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, f: value.float });
  return create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints: value.map(BigInt) });
}

function valueInfo(name: string, type: ElementType, shape: readonly (number | string)[]): ValueInfoProto {
  const dim = shape.map((size) => ({
    value:
      typeof size === "number"
        ? ({ case: "dimValue", value: BigInt(size) } as const)
        : ({ case: "dimParam", value: size } as const),
  }));
  return create(ValueInfoProtoSchema, {
    name,
    type: { value: { case: "tensorType", value: { elemType: ELEMENT_TYPES[type], shape: { dim } } } },
  });
}

function dims(shape: readonly number[]): bigint[] {
  return shape.map(BigInt);
}

function rawBytes(type: ConstantType, values: readonly number[]): Uint8Array {
  const array = type === "int64" ? BigInt64Array.from(values, BigInt) : new NUMBER_ARRAYS[type](values);
  return new Uint8Array(array.buffer);
}

const NUMBER_ARRAYS = { float32: Float32Array, float64: Float64Array, uint8: Uint8Array, int8: Int8Array } as const;
