// Chat prompts as token ids, with what ends an answer. models/README.md describes both forms.
//
// Text of a turn or of a file can never form a control token: it is encoded by the tokenizer's plain encoder, and the
// control tokens are put between by id.

import type { ChatSource, ChatTurn } from "../../protocol/engine";
import { controlTokens, type LanguageModel } from "../model/languageModel";
import type { TokenId } from "../model/model";
import { headerTokens } from "../repository/fileTokens";
import { newestTurns } from "./newestTurns";
import { CODE_IN, sourcesText } from "./sourceText";

export interface ChatPrompt {
  /** After the base: `<bos>` is not among them, since it belongs to the base. */
  readonly tokens: readonly TokenId[];
  /** Where the question with its sources begins: the next question comes back to there. */
  readonly questionStart: number;
  /** Turns before the question that are in the prompt. */
  readonly earlierTurns: number;
  /** Tokens that end the answer: every control token begins another's words, or another text. */
  readonly stop: readonly TokenId[];
  /** Text that ends the answer when the model writes it; the answer stops before it. */
  readonly stopTexts: readonly string[];
  /** The model knows no turns, and continues a text. */
  readonly isTranscript: boolean;
}

/** For the turns before the question, the newest ones first, where a model was trained to answer and nothing else is said. */
const EARLIER_TOKENS = 1024;

/**
 * The prompt for the model's next turn.
 * @param turns oldest first; the last one is the question
 * @param sources most relevant first
 * @param earlierTokens room for the turns before the question. A model that was not trained to answer would repeat them word for
 *   word, and gets none unless this is said
 */
export async function chatPrompt(
  lm: LanguageModel,
  turns: readonly ChatTurn[],
  sources: readonly ChatSource[],
  earlierTokens?: number,
): Promise<ChatPrompt> {
  const form = formOf(lm);
  const isTranscript = form.stopTexts.length > 0;
  const opening = await form.opening();
  const encode = ({ role, text }: ChatTurn): Promise<TokenId[]> => form.turn(role, text.trim());
  const sizeOf = async (turn: ChatTurn): Promise<number> => (await encode(turn)).length;
  const room = earlierTokens ?? (isTranscript ? undefined : EARLIER_TOKENS);
  const earlier = room === undefined ? [] : await newestTurns(turns.slice(0, -1), room, sizeOf);
  const before = [...opening, ...(await Promise.all(earlier.map(encode))).flat()];
  const question = await form.turn("user", turns.at(-1)?.text.trim() ?? "", sourcesText(sources));
  return {
    tokens: [...before, ...question, ...(await form.answer())],
    questionStart: before.length,
    earlierTurns: earlier.length,
    stop: controlTokens(lm),
    stopTexts: form.stopTexts,
    isTranscript,
  };
}

interface Form {
  readonly stopTexts: readonly string[];
  opening(): Promise<TokenId[]>;
  /** @param code stands before the text */
  turn(role: ChatTurn["role"], text: string, code?: string): Promise<TokenId[]>;
  answer(): Promise<TokenId[]>;
}

function formOf(lm: LanguageModel): Form {
  const { startOfTurn, endOfTurn } = lm.about.tokens;
  const isTuned = lm.about.trained.instructions && startOfTurn !== undefined && endOfTurn !== undefined;
  return isTuned ? gemmaTurns(lm, startOfTurn, endOfTurn) : transcript(lm);
}

/** Gemma's own format: <start_of_turn>user\n…<end_of_turn>\n<start_of_turn>model\n */
function gemmaTurns({ tokenizer }: LanguageModel, startOfTurn: TokenId, endOfTurn: TokenId): Form {
  return {
    stopTexts: [],
    opening: async () => [],
    turn: async (role, text, code = "") => {
      const said = `${role}\n${code}${code === "" ? "" : REQUEST}${text}`;
      return [startOfTurn, ...(await tokenizer.encode(said)), endOfTurn, ...(await tokenizer.encode("\n"))];
    },
    answer: async () => [startOfTurn, ...(await tokenizer.encode("model\n"))],
  };
}

/** A base model knows no turns; a transcript is text that it can continue. It is a file like those of the repository. */
function transcript(lm: LanguageModel): Form {
  return {
    stopTexts: [...Object.values(SPEAKERS).map((speaker) => `\n${speaker}:`), `\n${CODE_IN} `],
    opening: async () => [
      ...(await headerTokens(lm, TRANSCRIPT_PATH)),
      ...(await lm.tokenizer.encode(`${INTRODUCTION}\n\n`)),
    ],
    turn: (role, text, code = "") => lm.tokenizer.encode(`${code}${SPEAKERS[role]}: ${text}\n\n`),
    answer: () => lm.tokenizer.encode(`${SPEAKERS.model}:`),
  };
}

/** Between code and a question, for models that were trained to follow it. */
export const REQUEST = "Answer from this code, and name the places that you speak of as path:line.\n\n";
const SPEAKERS = { user: "Question", model: "Answer" } as const;
const TRANSCRIPT_PATH = "questions.md";
const INTRODUCTION = "Questions from programmers, each with the code that it is about and a short and correct answer.";
