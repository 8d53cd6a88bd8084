// A file in the prompt format that trunks, snippets and live documents share: a separator, the path, a line break, text.

import type { LanguageModel } from "../model/languageModel";
import type { TokenId } from "../model/model";

/** What stands before a file's text. */
export async function headerTokens({ about, tokenizer }: LanguageModel, path: string): Promise<TokenId[]> {
  const { fileSeparator } = about.tokens;
  // The separator means something only to a model that was trained with it; others know comments.
  if (about.trained.fillInTheMiddle && fileSeparator !== undefined) {
    return [fileSeparator, ...(await tokenizer.encode(`${path}\n`))];
  }
  return tokenizer.encode(`// ${path}\n`);
}

/** A whole file, ended by a line break so that the next header begins a line. */
export async function fileTokens(lm: LanguageModel, path: string, text: string): Promise<TokenId[]> {
  const ended = text.endsWith("\n") || text === "" ? text : `${text}\n`;
  return [...(await headerTokens(lm, path)), ...(await lm.tokenizer.encode(ended))];
}
