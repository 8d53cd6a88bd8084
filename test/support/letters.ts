import type { LanguageModel } from "../../src/engine/model/languageModel";

/** A language model that cannot run, with a token for each character. */
export const LM = {
  tokenizer: { encode: async (text: string) => [...text].map((c) => c.charCodeAt(0)) },
  about: { tokens: { bos: 1, eos: 2, fileSeparator: 9 }, trained: { fillInTheMiddle: true } },
} as unknown as LanguageModel;
