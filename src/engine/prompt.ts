// Chat prompts as token ids, with what ends an answer. Text of a turn can never form a control token: it is encoded by
// the tokenizer's plain encoder, and the control tokens are put between by id.

import type { ChatTurn } from "../protocol/engine";
import type { LanguageModel } from "./languageModel";
import type { TokenId } from "./model";

export interface ChatPrompt {
  readonly tokens: readonly TokenId[];
  /** Text that ends the answer when the model writes it; the answer stops before it. */
  readonly stopTexts: readonly string[];
}

/** The prompt for the model's next turn. */
export async function chatPrompt(lm: LanguageModel, turns: readonly ChatTurn[]): Promise<ChatPrompt> {
  const { startOfTurn, endOfTurn } = lm.about.tokens;
  if (lm.about.trained.instructions && startOfTurn !== undefined && endOfTurn !== undefined) {
    return { tokens: await turnTokens(lm, turns, startOfTurn, endOfTurn), stopTexts: [] };
  }
  return transcript(lm, turns);
}

/** Gemma's own format: <start_of_turn>user\n…<end_of_turn>\n<start_of_turn>model\n */
async function turnTokens(
  lm: LanguageModel,
  turns: readonly ChatTurn[],
  startOfTurn: TokenId,
  endOfTurn: TokenId,
): Promise<TokenId[]> {
  const encode = (text: string) => lm.tokenizer.encode(text);
  const tokens = [lm.about.tokens.bos];
  for (const { role, text } of turns) {
    tokens.push(startOfTurn, ...(await encode(`${role}\n${text.trim()}`)), endOfTurn, ...(await encode("\n")));
  }
  tokens.push(startOfTurn, ...(await encode("model\n")));
  return tokens;
}

/** A base model knows no turns; a transcript is text that it can continue. */
async function transcript(lm: LanguageModel, turns: readonly ChatTurn[]): Promise<ChatPrompt> {
  const lines = turns.map(({ role, text }) => `${SPEAKERS[role]}: ${text.trim()}\n\n`);
  const text = `${INTRODUCTION}\n\n${lines.join("")}${SPEAKERS.model}:`;
  return {
    tokens: [lm.about.tokens.bos, ...(await lm.tokenizer.encode(text))],
    stopTexts: Object.values(SPEAKERS).map((speaker) => `\n${speaker}:`),
  };
}

const SPEAKERS = { user: "Question", model: "Answer" } as const;
const INTRODUCTION = "Questions from programmers, each with a short and correct answer.";
