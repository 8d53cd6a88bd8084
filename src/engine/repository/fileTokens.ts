// A file in the prompt format that trunks, snippets and live documents share: a separator, the path, a line break, text.

import type { LanguageModel } from "../model/languageModel";
import type { TokenId } from "../model/model";

/** What stands before a file's text. */
export async function headerTokens(lm: LanguageModel, path: string): Promise<TokenId[]> {
  const separator = separatorOf(lm);
  if (separator === undefined) return lm.tokenizer.encode(`// ${path}\n`);
  return [separator, ...(await lm.tokenizer.encode(`${path}\n`))];
}

/** Whether a file begins with its path as a comment, for want of a separator. */
export function hasPathComments(lm: LanguageModel): boolean {
  return separatorOf(lm) === undefined;
}

/** A whole file, ended by a line break so that the next header begins a line. */
export async function fileTokens(lm: LanguageModel, path: string, text: string): Promise<TokenId[]> {
  const ended = text.endsWith("\n") || text === "" ? text : `${text}\n`;
  return [...(await headerTokens(lm, path)), ...(await lm.tokenizer.encode(ended))];
}

/** It means something only to a model that was trained with it; others know comments. */
function separatorOf({ about }: LanguageModel): TokenId | undefined {
  return about.trained.fillInTheMiddle ? about.tokens.fileSeparator : undefined;
}
