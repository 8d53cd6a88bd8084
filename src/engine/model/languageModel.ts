// A model folder brought to life, as most of the engine and of the command line know it.

import type { Model, TokenId } from "./model";
import type { ModelFolder } from "./modelFolder";
import type { Tokenizer } from "./tokenizer";

export interface LanguageModel {
  readonly model: Model;
  readonly tokenizer: Tokenizer;
  readonly about: ModelFolder;
  /** What was measured on this machine, where measuring was asked for. */
  readonly tuning?: {
    /** About how long each token takes to read; undefined: not measured. */
    readonly tokenMs: number | undefined;
  };
}

/** Whether it was trained to write what fits between two texts, and has the tokens to ask for that. */
export function fillsInTheMiddle({ about: { trained, tokens } }: LanguageModel): boolean {
  return trained.fillInTheMiddle && tokens.fimPrefix !== undefined && tokens.fimSuffix !== undefined;
}

/** Every token that stands for no text, or that the model's description gives a meaning of its own. */
export function controlTokens({ about, tokenizer }: LanguageModel): readonly TokenId[] {
  const { stop, ...others } = about.tokens;
  return [...new Set([...stop, ...Object.values(others), ...tokenizer.vocabulary.textless])];
}
