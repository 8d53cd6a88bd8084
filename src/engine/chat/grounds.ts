// What a question is answered from, whoever answers it: what is gathered for it, and what was said before as far as it may
// be told.

import type { ChatQuestion, ChatTurn } from "../../protocol/engine";
import { allowedTurns } from "./allowedTurns";
import { sourceText } from "./chatPrompt";
import { type GatheredSources, gatherSources, type SourceNeeds } from "./sources";

export interface GroundNeeds extends Omit<SourceNeeds, "countTokens"> {
  /** Of any text. */
  readonly countTokens: (text: string) => Promise<number>;
}

export interface Grounds extends GatheredSources {
  /** Oldest first; the last one is the question. */
  readonly turns: readonly ChatTurn[];
}

export async function groundsOf(asked: ChatQuestion, { countTokens, ...needs }: GroundNeeds): Promise<Grounds> {
  const gathered = await gatherSources(asked, { ...needs, countTokens: (source) => countTokens(sourceText(source)) });
  return { ...gathered, turns: await allowedTurns(asked.turns, needs.folders) };
}
