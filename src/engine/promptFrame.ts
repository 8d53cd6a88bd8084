// What stands before the live text in a completion's prompt: the repository's state, related snippets, the file's path and
// the text after the cursor. It stays as it is while the user types in one place, because whatever changes in it makes
// everything after it be run again.

import type { BaseChoice } from "./baseChoice";
import type { LanguageModel } from "./languageModel";
import type { TokenId } from "./model";
import { headerTokens } from "./repository/fileTokens";
import type { RepositoryContext } from "./repository/repository";
import type { Snippet } from "./snippets/snippet";

export interface PromptFrame {
  readonly base: BaseChoice;
  /** After the base. */
  readonly tokens: readonly TokenId[];
  readonly snippets: readonly Snippet[];
  /** The text after the cursor that the model was told; empty for a model that was not trained for it. */
  readonly suffix: string;
  /** How the live text began: another beginning means that everything is run again anyway. */
  readonly beginning: string;
  /** The lines of live text there were. */
  readonly lines: number;
}

/** Where the cursor stands, with \n line ends. */
export interface LiveText {
  readonly path: string | undefined;
  readonly languageId: string;
  readonly prefix: string;
  readonly suffix: string;
}

/** About 600 tokens: with a short prefix, still within the reach of the attention (design.md, section 5). */
const SNIPPET_CHARACTERS = 2_000;
/** About 250 tokens. */
const SUFFIX_CHARACTERS = 800;
/** Text that was put between cursor and frozen suffix, closing brackets for instance, before the suffix is taken anew. */
const MOST_BETWEEN = 200;
/** Units of the live text's beginning that are compared. */
const BEGINNING = 200;
/** Lines that the cursor may move before other snippets are looked for, when there is time. */
const MOVED_LINES = 30;

export async function buildFrame(
  lm: LanguageModel,
  base: BaseChoice,
  live: LiveText,
  snippets: readonly Snippet[],
): Promise<PromptFrame> {
  const { tokens: special } = lm.about;
  const suffix = fillsInTheMiddle(lm) ? wholeLines(live.suffix, SUFFIX_CHARACTERS) : "";
  const tokens: TokenId[] = base.choice === "empty" ? [special.bos] : [];
  for (const { path, text } of snippets) {
    tokens.push(...(await headerTokens(lm, path)), ...(await lm.tokenizer.encode(`${text}\n`)));
  }
  if (live.path !== undefined) tokens.push(...(await headerTokens(lm, live.path)));
  if (fillsInTheMiddle(lm)) {
    tokens.push(special.fimSuffix!, ...(await lm.tokenizer.encode(suffix)), special.fimPrefix!);
  }
  return { base, tokens, snippets, suffix, beginning: live.prefix.slice(0, BEGINNING), lines: lineCount(live.prefix) };
}

/** Whether what the frame says of the text after the cursor is still true. */
export function isSuffixTrue(frame: PromptFrame, live: LiveText): boolean {
  if (frame.suffix === "") return true;
  const at = live.suffix.indexOf(frame.suffix.slice(0, SUFFIX_CHARACTERS / 2));
  return at !== -1 && at <= MOST_BETWEEN;
}

/** Whether the live text still begins as it did: else all of it is run again, and other snippets cost nothing more. */
export function beginsAlike({ beginning }: PromptFrame, { prefix }: LiveText): boolean {
  return prefix.startsWith(beginning) || beginning.startsWith(prefix);
}

/** Whether the cursor has gone so far that other snippets would help now. */
export function isFarFrom(frame: PromptFrame, live: LiveText): boolean {
  return Math.abs(lineCount(live.prefix) - frame.lines) > MOVED_LINES;
}

function fillsInTheMiddle({ about: { trained, tokens } }: LanguageModel): boolean {
  return trained.fillInTheMiddle && tokens.fimPrefix !== undefined && tokens.fimSuffix !== undefined;
}

/** The code of other places that may help at the cursor, as the prompt has it: the most relevant last. */
export function relatedSnippets(live: LiveText, repository: RepositoryContext | undefined): readonly Snippet[] {
  if (repository?.snippets === undefined) return [];
  const { languageId, prefix, suffix } = live;
  const { path } = repository;
  return repository.snippets.retrieve({ path, languageId, prefix, suffix, budgetCharacters: SNIPPET_CHARACTERS });
}

/** The first `length` units of `text`, less the line that would be cut. */
function wholeLines(text: string, length: number): string {
  if (text.length <= length) return text;
  const end = text.lastIndexOf("\n", length);
  return text.slice(0, end === -1 ? length : end + 1);
}

function lineCount(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) count++;
  return count;
}
