// The text that calibration runs through a model: a little of many kinds tells more than much of one.

import { stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { listFiles } from "../../files/listFiles";
import { loadRules } from "../../files/readRules";
import { readSource } from "../../files/readSource";
import { REFUSALS } from "../../files/refusal";
import type { TokenId } from "../../model/model";
import { TOKENIZER_FILE } from "../../model/modelFolder";
import { Tokenizer } from "../../model/tokenizer";
import { MOST_TOKENS } from "./room";
import shipped from "./texts.txt";

export type CalibrationText =
  /** What comes with Griffin Code: a few pages in a dozen languages. */
  | "shipped"
  /** A file, or a folder of which as much is read as the model may read anyway. */
  | { readonly path: string }
  | { readonly sequences: readonly (readonly TokenId[])[] };

/** Less tells next to nothing of a linear with thousands of inputs. */
const LEAST_TOKENS = 2048;
/** Of a sequence: long enough that states and windows are filled as they are in use. */
const SEQUENCE_TOKENS = 512;
/** Shorter ends of files are left out. */
const SHORTEST_SEQUENCE = 64;
/** Files of a folder that are read at all. */
const MOST_FILES = 64;

/** @returns sequences that begin with `bos`. Throws a sentence when there is too little text. */
export async function readSequences(
  text: CalibrationText,
  tokenizerFolder: string,
  bos: TokenId,
  signal?: AbortSignal,
): Promise<readonly (readonly TokenId[])[]> {
  if (typeof text === "object" && "sequences" in text) return text.sequences;
  if ((await stat(join(tokenizerFolder, TOKENIZER_FILE)).catch(() => undefined)) === undefined) {
    throw new Error(
      `Calibration reads text, and ${tokenizerFolder} holds no ${TOKENIZER_FILE}; fetch it from where the checkpoint came from.`,
    );
  }
  const texts = text === "shipped" ? shippedTexts() : await readTexts(text.path, signal);
  const tokenizer = await Tokenizer.load(tokenizerFolder);
  const pieces: TokenId[][] = [];
  for (const content of texts) pieces.push(...cut(await tokenizer.encode(content)));
  const chosen = spread(pieces, MOST_TOKENS / SEQUENCE_TOKENS).map((piece) => [bos, ...piece]);
  const tokens = chosen.reduce((sum, { length }) => sum + length, 0);
  if (tokens >= LEAST_TOKENS) return chosen;
  const place = text === "shipped" ? "The text that comes with Griffin Code" : text.path;
  throw new Error(
    `${place} has only ${tokens} tokens of code to calibrate on, and ${LEAST_TOKENS} are the least. ` +
      "Name a larger folder of code, or calibrate on the text that comes with Griffin Code.",
  );
}

/** Each begins with a line "=== name". */
export function shippedTexts(): string[] {
  return shipped.split(/^=== .*\n/m).slice(1);
}

async function readTexts(path: string, signal: AbortSignal | undefined): Promise<string[]> {
  const found = await stat(path).catch((cause) => {
    throw new Error(`There is nothing to calibrate on at ${path}. Check the path.`, { cause });
  });
  if (!found.isDirectory()) {
    const source = await readSource(dirname(path), basename(path));
    if ("refused" in source) throw new Error(`${path} is not calibrated on: ${REFUSALS[source.refused]}.`);
    return [source.text];
  }
  const rules = await loadRules(path);
  const { files } = await listFiles(rules, signal);
  const texts: string[] = [];
  for (const file of spread(files, MOST_FILES)) {
    const source = await readSource(rules.root, file.path);
    if ("text" in source) texts.push(source.text);
  }
  return texts;
}

function cut(tokens: readonly TokenId[]): TokenId[][] {
  const pieces: TokenId[][] = [];
  const size = SEQUENCE_TOKENS - 1; // and `bos`
  for (let start = 0; start + SHORTEST_SEQUENCE <= tokens.length; start += size) {
    pieces.push(tokens.slice(start, start + size));
  }
  return pieces;
}

/** At most `count` of the items, from all over the list. */
function spread<T>(items: readonly T[], count: number): readonly T[] {
  if (items.length <= count) return items;
  return Array.from({ length: count }, (_, i) => items[Math.floor((i * items.length) / count)]!);
}
