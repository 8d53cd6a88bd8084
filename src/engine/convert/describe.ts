// What a converted model's model.json says beside the architecture: names, licence, tokens with a meaning, training.

import { join } from "node:path";
import { checkpointName } from "../../text/checkpointName";
import { slug } from "../../text/slug";
import { TOKENIZER_FILE } from "../model/modelFolder";
import type { ModelDescription, SpecialTokens } from "../model/modelJson";
import { readJson } from "./checkpoint";
import type { CheckpointConfig } from "./config";

export type Description = Pick<ModelDescription, "name" | "displayName" | "license" | "tokens" | "trained">;

/** @param folder absolute: its names may be the model's */
export async function describeModel(
  folder: string,
  files: readonly string[],
  config: CheckpointConfig,
): Promise<Description> {
  const name = checkpointName(folder);
  const isGoogles = GOOGLES_NAME.test(name);
  // A name of Google's decides. Else the chat template does: nothing else in the files tells the two kinds apart.
  const instructions = isGoogles ? name.endsWith("-it") : await hasChatTemplate(folder, files);
  const size = SIZES.get(config.architecture.hiddenSize * 1000 + config.architecture.layers.length);
  const family = `RecurrentGemma ${size}`;
  const googlesName = instructions ? `${family} Instruct` : family;
  return {
    name: slug(name) || "converted",
    displayName: size === undefined ? name : isGoogles ? googlesName : `${name} (${family})`,
    license: isGemma(config) ? "Gemma Terms of Use" : "As stated by the checkpoint's author",
    tokens: await specialTokens(folder, files, config),
    trained: { fillInTheMiddle: false, instructions, contextTokens: 8192 },
  };
}

const GOOGLES_NAME = /^recurrentgemma-\d+b(-it)?$/;

/** Google's sizes, by 1000 · hidden size + layers. */
const SIZES: ReadonlyMap<number, string> = new Map([
  [2560_026, "2B"],
  [4096_038, "9B"],
]);

const GEMMA_VOCABULARY = 256000;

function isGemma(config: CheckpointConfig): boolean {
  return config.architecture.vocabSize === GEMMA_VOCABULARY;
}

async function hasChatTemplate(folder: string, files: readonly string[]): Promise<boolean> {
  if (files.includes("chat_template.jinja")) return true;
  if (!files.includes("tokenizer_config.json")) return false;
  return Boolean((await readJson(join(folder, "tokenizer_config.json"))).chat_template);
}

/** From tokenizer.json where there is one, so that ids are never assumed; else what Gemma's first vocabulary has. */
async function specialTokens(
  folder: string,
  files: readonly string[],
  config: CheckpointConfig,
): Promise<SpecialTokens> {
  const { bos, ends } = config;
  const known = files.includes(TOKENIZER_FILE)
    ? await tokenizerTokens(join(folder, TOKENIZER_FILE), config)
    : isGemma(config)
      ? { startOfTurn: 106, endOfTurn: 107 }
      : {};
  const { eos = ends[0]!, ...turns } = known;
  const stop = [eos, ...(turns.endOfTurn === undefined ? [] : [turns.endOfTurn]), ...ends];
  return { bos, eos, stop: [...new Set(stop)], ...turns };
}

/** What a tokenizer.json calls the tokens; its `<bos>` shows whether it is the checkpoint's. */
async function tokenizerTokens(
  path: string,
  { architecture, bos }: CheckpointConfig,
): Promise<Partial<Pick<SpecialTokens, "eos" | "startOfTurn" | "endOfTurn">>> {
  const tokenizer = await readJson(path);
  const ids = new Map<string, number>();
  for (const { content, id } of (tokenizer.added_tokens ?? []) as { content: string; id: number }[])
    ids.set(content, id);
  if (ids.get("<bos>") !== bos) {
    throw new Error(
      `${path} gives <bos> the id ${ids.get("<bos>")}, but config.json says ${bos}: they do not belong together.`,
    );
  }
  const largest = [...ids.values()].reduce((a, b) => Math.max(a, b));
  if (largest >= architecture.vocabSize) {
    throw new Error(`${path} knows the token ${largest}, but config.json's vocab_size is ${architecture.vocabSize}.`);
  }
  const startOfTurn = ids.get("<start_of_turn>");
  const endOfTurn = ids.get("<end_of_turn>");
  const eos = ids.get("<eos>");
  return {
    ...(eos !== undefined && { eos }),
    ...(startOfTurn !== undefined && endOfTurn !== undefined && { startOfTurn, endOfTurn }),
  };
}
