// The bundled model's tokenizer and name with a model without arithmetic: reads a repository in no time, and tells every
// token that it was shown.

import { join } from "node:path";
import type { LanguageModel } from "../../src/engine/model/languageModel";
import { readModelFolder } from "../../src/engine/model/modelFolder";
import { Tokenizer } from "../../src/engine/model/tokenizer";
import { FakeModel } from "./fakeModel";

const BUNDLED = join("models", "griffin-code-small");

export interface ReadingModel extends LanguageModel {
  readonly model: FakeModel;
  /** The text of all tokens that the model has run since the last call. */
  takeText(): string;
}

export async function readingModel(model = new FakeModel()): Promise<ReadingModel> {
  const tokenizer = await Tokenizer.load(BUNDLED);
  const about = await readModelFolder(BUNDLED);
  return { model, tokenizer, about, takeText: () => tokenizer.decode(model.runs.splice(0).flat()) };
}
