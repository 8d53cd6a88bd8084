// Loads the model of a folder: its weights' places, the graph over them, and onnxruntime's session.

import { join } from "node:path";
import { buildGraph } from "../graph/buildGraph";
import { type Kernels, PROCESSOR, SATURATING_PROCESSOR, WEBGPU } from "../graph/kernels";
import type { StoredTensor } from "../graph/weights";
import { isFileFault } from "./fileFault";
import { int8ProductsSaturate } from "./int8Products";
import type { Model } from "./model";
import { ModelFault } from "./modelFault";
import type { ModelFolder } from "./modelFolder";
import { loadOnnxModel, type OnnxModelOptions } from "./onnxModel";
import { readSafetensorsHeader } from "./safetensors";

/** Builds the model's graph and loads it, with nothing measured. */
export async function loadModel(model: ModelFolder, options: ProcessorOptions): Promise<Model> {
  const { graph } = await buildModelGraph(model);
  return loadOnProcessor(model, graph, options);
}

export type ProcessorOptions = Omit<OnnxModelOptions, "provider">;

/** Loads the model's graph. Throws a ModelFault or a sentence with its next step, which say more than onnxruntime's own words. */
export async function loadOnProcessor(
  model: ModelFolder,
  graph: Uint8Array,
  options: ProcessorOptions,
): Promise<Model> {
  try {
    return await loadOnnxModel(graph, model.folder, model.architecture, options);
  } catch (cause) {
    throw whyNotLoaded(model, cause as Error);
  }
}

/** @param cause onnxruntime's */
export function whyNotLoaded({ displayName, folder }: ModelFolder, cause: Error): Error {
  if (OUT_OF_MEMORY.test(cause.message))
    return new ModelFault("noMemory", `${displayName} needs more memory than is free.`, { cause });
  if (NO_THREAD.test(cause.message)) {
    const sentence =
      `This system lets no more threads be started, and ${displayName} needs some. Close other programs, or raise the limit ` +
      "(`ulimit -u`, or the container's for processes), then try again.";
    return new Error(sentence, { cause });
  }
  const words = cause.message.replace(/\.?\s*$/, "");
  return new ModelFault("suspect", `onnxruntime cannot load the model in ${folder}: ${words}.`, { cause });
}

export interface ModelGraph {
  /** ONNX bytes; the weights stay in the folder. */
  readonly graph: Uint8Array;
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly kernels: Kernels;
}

/**
 * The model's graph in the form that suits `provider`, or this processor. Throws a ModelFault when the weights are not
 * the architecture's, and the system's fault when they cannot be read.
 */
export async function buildModelGraph(model: ModelFolder, provider?: string): Promise<ModelGraph> {
  try {
    const tensors = await readTensors(model);
    const kernels = await kernelsFor(tensors, provider);
    return { graph: buildGraph(model.architecture, tensors, kernels), tensors, kernels };
  } catch (cause) {
    // The system's, of a disk that has gone for instance, is a sentence with a next step: nothing says that the model is at fault.
    if (isFileFault(cause)) throw cause;
    const sentence = `The model in ${model.folder} cannot be used: ${(cause as Error).message}.`;
    throw new ModelFault("suspect", sentence, { cause });
  }
}

async function kernelsFor(tensors: ModelGraph["tensors"], provider: string | undefined): Promise<Kernels> {
  if (provider === "webgpu") return WEBGPU;
  // What another provider has no kernel for is left to the processor.
  return [...tensors.values()].some(({ dtype }) => dtype === "I8") ? processorKernels() : PROCESSOR;
}

/** For int8 matrices on this processor. */
export async function processorKernels(): Promise<Kernels> {
  return (await int8ProductsSaturate()) ? SATURATING_PROCESSOR : PROCESSOR;
}

/** Every tensor of the model's shards, by name. */
export async function readTensors(model: ModelFolder): Promise<Map<string, StoredTensor>> {
  const tensors = new Map<string, StoredTensor>();
  for (const file of Object.keys(model.files).filter((name) => name.endsWith(".safetensors"))) {
    for (const [name, entry] of await readSafetensorsHeader(join(model.folder, file))) {
      tensors.set(name, { ...entry, file });
    }
  }
  return tensors;
}

/** What onnxruntime says on Linux and macOS. */
const NO_THREAD = /pthread_create failed/;
/** What onnxruntime and the C++ library say on Linux, macOS and Windows. */
const OUT_OF_MEMORY = /bad[_ ]alloc|failed to allocate|out of memory|not enough memory/i;
