// Brings a model folder to life: the model as it runs best on this machine, its tokenizer and what is known of both. The
// engine process and the command line start from here.

import type { LanguageModel } from "./model/languageModel";
import { ModelFault } from "./model/modelFault";
import { type ModelFolder, modelBytes, readModelFolder, verifyModelFolder } from "./model/modelFolder";
import { Tokenizer } from "./model/tokenizer";
import { type LoadOptions, loadTunedModel } from "./tuning/loadTuned";
import type { ModelTuning } from "./tuning/tune";

export interface LoadedLanguageModel extends LanguageModel {
  readonly tuning?: ModelTuning;
}

/**
 * Up to this size a model's files are hashed at every start, which takes a fraction of a second. Larger ones are checked
 * by size here, and by hash in `griffin doctor`.
 */
const LARGEST_HASHED_AT_START = 512 * 2 ** 20;

/** Loads the model in `folder`. Throws a ModelFault, or what else went wrong. */
export async function loadLanguageModel(folder: string, options: LoadOptions): Promise<LoadedLanguageModel> {
  const about = await readModelFolder(folder);
  if (modelBytes(about) <= LARGEST_HASHED_AT_START) await verifyModelFolder(about);
  // A measurement must not have the tokenizer's loading beside it.
  const loadTokenizer = () => Tokenizer.load(folder);
  const early = options.measureNow ? undefined : loadTokenizer();
  // A fault is thrown where it is waited for below; until then nobody handles it, which would end the process.
  early?.catch(() => {});
  const { model, tuning } = await loadTunedModel(about, options);
  try {
    const tokenizer = await (early ?? loadTokenizer());
    refuseStrangers(tokenizer, about);
    return { model, tokenizer, about, ...(tuning && { tuning }) };
  } catch (error) {
    await model.dispose();
    throw error;
  }
}

function refuseStrangers({ vocabulary }: Tokenizer, { name, architecture: { vocabSize } }: ModelFolder): void {
  if (vocabulary.size <= vocabSize) return;
  throw new ModelFault(
    "damagedTokenizer",
    `The tokenizer of ${name} has ${vocabulary.size} tokens and its weights ${vocabSize}: they do not belong together.`,
  );
}
