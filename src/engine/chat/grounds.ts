// What a question is answered from, whoever answers it: what is gathered for it, and what was said before as far as it may
// be told.

import type { ChatQuestion, ChatTurn } from "../../protocol/engine";
import { allowedTurns } from "./allowedTurns";
import { type GatheredSources, gatherSources, type SourceNeeds, type SourceRoom } from "./sources";

export interface Grounds extends GatheredSources {
  /** Oldest first; the last one is the question. */
  readonly turns: readonly ChatTurn[];
}

export async function groundsOf(asked: ChatQuestion, needs: SourceNeeds, room: SourceRoom): Promise<Grounds> {
  const gathered = await gatherSources(asked, needs, room);
  return { ...gathered, turns: await allowedTurns(asked.turns, needs.folders) };
}
