// The bundled model's tokenizer and name with a model without arithmetic: reads a repository in no time, and tells every
// token that it was shown.

import type { LanguageModel } from "../../src/engine/model/languageModel";
import { readModelFolder } from "../../src/engine/model/modelFolder";
import { Tokenizer } from "../../src/engine/model/tokenizer";
import { BUNDLED_MODEL } from "./engineHarness";
import { FakeModel } from "./fakeModel";

export interface ReadingModel extends LanguageModel {
  readonly model: FakeModel;
  /** The text of all tokens that the model has run since the last call. */
  takeText(): string;
}

/** Loading it takes half a second; and it never changes. */
let tokenizer: Promise<Tokenizer> | undefined;

/** @param make gets the number of tokens in the bundled model's vocabulary */
export async function readingModel(
  make: (vocabSize: number) => FakeModel = () => new FakeModel(),
): Promise<ReadingModel> {
  tokenizer ??= Tokenizer.load(BUNDLED_MODEL);
  const loaded = await tokenizer;
  const about = await readModelFolder(BUNDLED_MODEL);
  const model = make(about.architecture.vocabSize);
  return { model, tokenizer: loaded, about, takeText: () => loaded.decode(model.runs.splice(0).flat()) };
}
