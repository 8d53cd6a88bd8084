// A long text of real files with facts told in it, as tokens: what a state reads while its memory is measured.

import { extname } from "node:path";
import type { LanguageModel } from "../../../engine/model/languageModel";
import type { TokenId } from "../../../engine/model/model";
import { headerTokens } from "../../../engine/repository/fileTokens";
import type { RepoFile } from "../tasks";
import { type Fact, inventFacts } from "./facts";

export interface Stream {
  /** From the state's beginning on. */
  readonly tokens: readonly TokenId[];
  /** In order, without gaps; the first begins after the stream's first token. */
  readonly files: readonly Stretch[];
  readonly facts: readonly ToldFact[];
  /** Where the first repository ends: up to there the text is one real document. */
  readonly documentEnd: number;
}

export interface Stretch {
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

export interface ToldFact {
  readonly fact: Fact;
  readonly start: number;
  readonly end: number;
}

export interface StreamOptions {
  /** Decides what the facts say. */
  readonly seed: number;
  readonly facts: number;
  /** Tokens from one fact to the next, at least; and before the first. */
  readonly spacing: number;
  /** Tokens to follow the last fact, at least. */
  readonly after: number;
}

/** Makes a stream of the repositories' files, one after the other. Throws when they are too short. */
export async function makeStream(
  lm: LanguageModel,
  repositories: readonly (readonly RepoFile[])[],
  { seed, facts: count, spacing, after }: StreamOptions,
): Promise<Stream> {
  const files = repositories.flat();
  const facts = inventFacts(count, seed, extname(files[0]!.path), (clue) => {
    return files.every(({ text }) => !text.toLowerCase().includes(clue.toLowerCase()));
  });
  const tokens: TokenId[] = [lm.about.tokens.bos];
  const stretches: Stretch[] = [];
  const told: ToldFact[] = [];
  const isDone = () => told.length === count && tokens.length >= told.at(-1)!.end + after;
  const add = async (text: string) => {
    for (const token of await lm.tokenizer.encode(text)) tokens.push(token);
  };
  let documentEnd = 0;
  for (const [index, { path, text }] of files.entries()) {
    if (isDone()) break;
    const start = tokens.length;
    tokens.push(...(await headerTokens(lm, path)));
    for (const part of paragraphs(text)) {
      if (told.length < count && tokens.length >= (told.at(-1)?.end ?? 0) + spacing) {
        const fact = facts[told.length]!;
        const factStart = tokens.length;
        await add(`${fact.told}\n\n`);
        told.push({ fact, start: factStart, end: tokens.length });
      }
      await add(part);
    }
    stretches.push({ path, start, end: tokens.length });
    if (index < repositories[0]!.length) documentEnd = tokens.length;
  }
  if (!isDone()) {
    throw new Error(
      `The repositories have ${tokens.length} tokens; with ${count} facts this takes ` +
        `${count * spacing + after} or a few more. Give more of them, or shorter --distances.`,
    );
  }
  return { tokens, files: stretches, facts: told, documentEnd };
}

/** A text's parts, cut where something begins at the left margin after a blank line. Ended by a line break. */
export function paragraphs(text: string): string[] {
  const ended = text.endsWith("\n") || text === "" ? text : `${text}\n`;
  return ended.split(/(?<=\n\n)(?=[^\s})\]])/);
}
