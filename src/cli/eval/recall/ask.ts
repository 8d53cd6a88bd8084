// Asks a model for what it was told: the question's line goes on from a state, greedily, and with the exact memory's say.

import { type HealedPrompt, heal, Regrowth, regrow, runCut } from "../../../engine/completion/tokenHealing";
import { bitsOf, greedy } from "../../../engine/decoding/logits";
import type { ExactMemory } from "../../../engine/exactMemory/exactMemory";
import { Recall } from "../../../engine/exactMemory/recall";
import type { LanguageModel } from "../../../engine/model/languageModel";
import type { TokenId } from "../../../engine/model/model";
import type { State } from "../../../engine/model/state";
import { headerTokens } from "../../../engine/repository/fileTokens";
import type { Fact } from "./facts";

export interface Answered {
  /** Whether the model writes the answer, sign for sign. */
  readonly exact: boolean;
  /** −log2 of the answer's probability. */
  readonly bits: number;
}

/** No token of an answer is empty but by mistake; so many end it. */
const MOST_TOKENS = 64;

/**
 * Asks in a new file, as a repository's state is asked by a document: `state` stays as it was.
 * @returns an answer for each of `memories`; undefined is the model alone
 */
export async function ask(
  lm: LanguageModel,
  state: State,
  { path, question, answer }: Fact,
  memories: readonly (ExactMemory | undefined)[],
): Promise<Answered[]> {
  const { model, tokenizer } = lm;
  const line = heal(await tokenizer.encode(question), tokenizer.vocabulary);
  const prompt = [...(await headerTokens(lm, path)), ...line.tokens];
  const asked = await model.forward(prompt, state, [prompt.length - 1]);
  const wanted = await tokenizer.encode(Buffer.from(line.wanted).toString("utf8") + answer);
  const known = await model.forward(wanted, asked.state, [...wanted.keys()]);

  const answers: Answered[] = [];
  for (const memory of memories) {
    const recalling = () => memory && new Recall({ memory, context: prompt, exclude: path });
    const bits = bitsOfTokens(wanted, [asked.logits, known.logits], recalling());
    answers.push({ bits, exact: await writes(lm, asked, line, answer, recalling()) });
  }
  return answers;
}

/** @param logits before the first token, and after each: rows of [vocabSize] */
function bitsOfTokens(
  tokens: readonly TokenId[],
  [first, rest]: readonly [Float32Array, Float32Array],
  recall: Recall | undefined,
): number {
  const size = first.length;
  let bits = 0;
  tokens.forEach((token, index) => {
    const row = index === 0 ? first : rest.subarray((index - 1) * size, index * size);
    bits += recall?.bits(row, token) ?? bitsOf(row, token);
    recall?.push(token);
  });
  return bits;
}

/** Whether what is generated begins with `answer`. Ends with the first sign that differs. */
async function writes(
  { model, tokenizer }: LanguageModel,
  from: { readonly state: State; readonly logits: Float32Array },
  line: HealedPrompt,
  answer: string,
  recall: Recall | undefined,
): Promise<boolean> {
  const stream = tokenizer.stream();
  const regrowth = new Regrowth(tokenizer.vocabulary, line.wanted);
  const { logits: rows } = await runCut(model, from, line.cut);
  const start = regrow(line, rows, tokenizer.vocabulary, recall).tokens;
  let { state, logits } = from;
  let text = "";
  for (let count = 0; count < MOST_TOKENS; count++) {
    const token = start[count] ?? recall?.pick(logits) ?? greedy(logits);
    recall?.push(token);
    text += stream.pushBytes(regrowth.take(token));
    if (text.startsWith(answer)) return true;
    if (!answer.startsWith(text)) return false;
    ({ state, logits } = await model.forward([token], state, [0]));
  }
  return false;
}
