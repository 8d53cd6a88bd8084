// What stands before the live text in a completion's prompt: the repository's state, related snippets, the file's path and
// the text after the cursor. It stays as it is while the user types in one place, because whatever changes in it makes
// everything after it be run again.

import { lineBreaks, normalizeLineEnds } from "../../text/lines";
import { beginningOf } from "../../text/shortened";
import type { BaseChoice } from "../base/baseChoice";
import { areSame } from "../decoding/sequence";
import { UNNAMED } from "../fileUri";
import { fillsInTheMiddle, type LanguageModel } from "../model/languageModel";
import type { TokenId } from "../model/model";
import { fileTokens, headerTokens } from "../repository/fileTokens";
import type { DocumentOffer } from "../repository/offer";
import { codePath } from "../snippets/languages";
import type { Snippet } from "../snippets/snippet";
import type { LiveText } from "./liveText";

export interface PromptFrame {
  readonly base: BaseChoice;
  /** After the base. */
  readonly tokens: readonly TokenId[];
  readonly snippets: readonly Snippet[];
  /**
   * How the text after the cursor began when the model was told it; all of it, when it was shorter. Undefined for a model that
   * was not trained for it.
   */
  readonly after: string | undefined;
  /** Units of the text after the cursor that the model was told. */
  readonly told: number;
  /** How the live text began: another beginning means that everything is run again anyway. */
  readonly beginning: string;
  /** The lines of live text there were. */
  readonly lines: number;
}

/**
 * About 600 tokens. In a long file they begin some 2,000 tokens before the cursor: of the bundled model's attention layers the
 * three far ones see them all, and the near ones, which see 512 tokens, only where suffix and prefix are short.
 */
const SNIPPET_CHARACTERS = 2_000;
/** About 250 tokens. */
const SUFFIX_CHARACTERS = 800;
/**
 * What an editor inserts by itself between the cursor and the suffix that the frame has. Any other text there the model must be
 * told of.
 */
const CLOSED_BY_EDITOR = /^(?:[\s)\]}>"'`;,]|<\/[\w.:-]{0,40}>){0,40}$/;
/** Units of the text after the cursor, and of the live text's beginning, that are compared. */
const AFTER = 400;
const BEGINNING = 200;
/** Lines that the cursor may move before other snippets are looked for, when there is time. */
const MOVED_LINES = 30;

/**
 * `<bos> [snippets] <file> path \n <suffix> suffix <prefix>`, as training/data/documents.py writes a file with a gap; for a
 * model that does not fill in the middle, a comment with the path.
 * @param suffixLength UTF-16 units of the text after the cursor, at most
 */
export async function buildFrame(
  lm: LanguageModel,
  base: BaseChoice,
  live: LiveText,
  snippets: readonly Snippet[],
  suffixLength = SUFFIX_CHARACTERS,
): Promise<PromptFrame> {
  const { tokens: special } = lm.about;
  const suffix = toldSuffix(lm, live, suffixLength);
  const path = live.path ?? (suffix === undefined ? undefined : codePath(UNNAMED, live.languageId));
  const tokens: TokenId[] = base.choice === "empty" ? [special.bos] : [];
  for (const { path, text } of snippets) tokens.push(...(await fileTokens(lm, path, text)));
  if (path !== undefined) tokens.push(...(await headerTokens(lm, path)));
  if (suffix !== undefined) {
    tokens.push(special.fimSuffix!, ...(await lm.tokenizer.encode(suffix)), special.fimPrefix!);
  }
  const beginning = live.prefix.slice(0, BEGINNING);
  const after = suffix === undefined ? undefined : live.suffix.slice(0, AFTER);
  return { base, tokens, snippets, after, told: suffix?.length ?? 0, beginning, lines: lineBreaks(live.prefix) };
}

/** Whether what the frame says of the text after the cursor is still true. */
export function isSuffixTrue({ after }: PromptFrame, live: LiveText): boolean {
  if (after === undefined) return true;
  const at = suffixAt(after, live);
  return at !== -1 && CLOSED_BY_EDITOR.test(live.suffix.slice(0, at));
}

/** Whether what the frame says of the text after the cursor stands nowhere there any more, whatever was typed before it. */
export function isSuffixGone({ after }: PromptFrame, live: LiveText): boolean {
  return after !== undefined && suffixAt(after, live) === -1;
}

/** Whether it is certain that the cursor is where it was, whatever stands before it by now: the text after it says so. */
export function isSamePlace(frame: PromptFrame, live: LiveText): boolean {
  return frame.after !== undefined && isSuffixTrue(frame, live);
}

/** A short one was all the text that there was after the cursor: then it must still be the end. */
function suffixAt(after: string, { suffix }: LiveText): number {
  return after.length < AFTER ? endingAt(suffix, after) : suffix.indexOf(after);
}

function endingAt(text: string, ending: string): number {
  return text.endsWith(ending) ? text.length - ending.length : -1;
}

/** Whether the two frames are the same to the model: the same base, and the same tokens. */
export function readsAlike(one: PromptFrame, other: PromptFrame): boolean {
  return one.base.state === other.base.state && areSame(one.tokens, other.tokens);
}

/** Whether the live text still begins as it did. If not, all of it is run again, and other snippets cost nothing more. */
export function beginsAlike({ beginning }: PromptFrame, { prefix }: LiveText): boolean {
  return prefix.startsWith(beginning) || beginning.startsWith(prefix);
}

/** Whether the cursor has gone so far that other snippets would help now. */
export function isFarFrom(frame: PromptFrame, live: LiveText): boolean {
  return Math.abs(lineBreaks(live.prefix) - frame.lines) > MOVED_LINES;
}

/** The code of other places that may help at the cursor, as the prompt has it: the most relevant last. */
export function relatedSnippets(
  lm: LanguageModel,
  live: LiveText,
  repository: DocumentOffer | undefined,
): readonly Snippet[] {
  const { snippets, path } = repository ?? {};
  if (snippets === undefined || path === undefined) return [];
  const { languageId, prefix, suffix } = live;
  const heldSuffix = toldSuffix(lm, live, SUFFIX_CHARACTERS) ?? "";
  const nearSuffix = wholeLines(suffix, SUFFIX_CHARACTERS);
  const document = live.document && { document: normalizeLineEnds(live.document) };
  const budgetCharacters = SNIPPET_CHARACTERS;
  const text = { ...document, prefix, suffix, heldSuffix, nearSuffix };
  return snippets.retrieve({ path, languageId, ...text, budgetCharacters });
}

/** What the prompt says of the text after the cursor; undefined for a model that was not trained for it. */
function toldSuffix(lm: LanguageModel, { suffix }: LiveText, length: number): string | undefined {
  return fillsInTheMiddle(lm) ? wholeLines(suffix, length) : undefined;
}

/** The first `length` units of `text`, less the line that would be cut. */
function wholeLines(text: string, length: number): string {
  if (text.length <= length) return text;
  const end = text.lastIndexOf("\n", length);
  return end === -1 ? beginningOf(text, length) : text.slice(0, end + 1);
}
