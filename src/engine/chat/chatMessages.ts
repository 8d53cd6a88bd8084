// A question for a model elsewhere, as chat endpoints take it: messages of plain text. What they hold is gathered and
// refused exactly as for the engine's own model; sending them is not the engine's business.

import type { ChatMessage, ChatMessagesResult, ChatQuestion, ChatTurn } from "../../protocol/engine";
import { REQUEST } from "./chatPrompt";
import { groundsOf } from "./grounds";
import { newestTurns } from "./newestTurns";
import type { SourceNeeds, SourceRoom } from "./sources";
import { sourcesText } from "./sourceText";

/** Together with the turns below about 5,600 tokens: a context of 8,192 still has room for an answer. */
const ROOM: SourceRoom = { passages: 2048, attached: 2048 };
const EARLIER_TOKENS = 1536;

/**
 * There is no system message, and user and assistant alternate: the chat templates of some models (Gemma's and Mistral's
 * among them) take nothing else.
 */
export async function chatMessages(asked: ChatQuestion, needs: SourceNeeds): Promise<ChatMessagesResult> {
  const { countTokens } = needs;
  const { sources, refusals, turns, withheld } = await groundsOf(asked, needs, ROOM);
  const sizeOf = (turn: ChatTurn) => countTokens(messageOf(turn).content);
  const earlier = await newestTurns(turns.slice(0, -1), EARLIER_TOKENS, sizeOf);
  const code = sourcesText(sources);
  const question = turns.at(-1)?.text.trim() ?? "";
  const content = `${code}${code === "" ? "" : REQUEST}${question}`;
  const messages: ChatMessage[] = [...earlier.map(messageOf), { role: "user", content }];
  let promptTokens = 0;
  for (const message of messages) promptTokens += await countTokens(message.content);
  return {
    type: "success",
    messages,
    grounds: { sources, refusals, earlierTurns: earlier.length, withheld, promptTokens },
  };
}

function messageOf({ role, text }: ChatTurn): ChatMessage {
  return { role: role === "model" ? "assistant" : "user", content: text.trim() };
}
