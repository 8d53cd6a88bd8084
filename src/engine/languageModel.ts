// A model folder brought to life: the model, its tokenizer and what is known of both. The engine process and the
// command line start from here.

import type { Model } from "./model";
import { loadModel, type ModelFolder, readModelFolder, verifyModelFolder } from "./modelFolder";
import type { OnnxModelOptions } from "./onnxModel";
import { Tokenizer } from "./tokenizer";

export interface LanguageModel {
  readonly model: Model;
  readonly tokenizer: Tokenizer;
  readonly about: ModelFolder;
}

/**
 * Up to this size a model's files are hashed at every start, which takes a fraction of a second. Larger ones are checked
 * by size here, and by hash in `griffin doctor`.
 */
const LARGEST_HASHED_AT_START = 512 * 2 ** 20;

/** Loads the model in `folder`. Throws one sentence that says what is wrong and what to do. */
export async function loadLanguageModel(folder: string, options: OnnxModelOptions): Promise<LanguageModel> {
  const about = await readModelFolder(folder);
  if (sizeOf(about) <= LARGEST_HASHED_AT_START) await verifyModelFolder(about);
  const [model, tokenizer] = await Promise.all([loadModel(about, options), Tokenizer.load(folder)]);
  const { vocabSize } = about.architecture;
  if (tokenizer.vocabulary.size > vocabSize) {
    throw new Error(
      `The tokenizer of ${about.name} has ${tokenizer.vocabulary.size} tokens and its weights ${vocabSize}: ` +
        "they do not belong together. Convert or download the model again.",
    );
  }
  return { model, tokenizer, about };
}

function sizeOf({ files }: ModelFolder): number {
  return Object.values(files).reduce((sum, { bytes }) => sum + bytes, 0);
}
