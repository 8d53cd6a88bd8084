// How much of a conversation goes into a prompt: the newest turns before the question, as far as there is room.

import type { ChatTurn } from "../../protocol/engine";
import { shortened } from "../../text/shortened";

/**
 * In order. The newest question with its answer is always there, since the next one is mostly about it: what is too long for the
 * room is cut.
 * @param earlier oldest first, without the question
 * @param room in the unit of `sizeOf`
 */
export async function newestTurns(
  earlier: readonly ChatTurn[],
  room: number,
  sizeOf: (turn: ChatTurn) => Promise<number>,
): Promise<ChatTurn[]> {
  // An answer without its question says nothing.
  const newest = earlier.findLastIndex(({ role }) => role === "user");
  if (newest === -1) return [];
  const kept = await cutToRoom(earlier.slice(newest), room, sizeOf);
  let left = room - total(await Promise.all(kept.map(sizeOf)));
  for (const turn of earlier.slice(0, newest).toReversed()) {
    left -= await sizeOf(turn);
    if (left < 0) break;
    kept.unshift(turn);
  }
  return kept[0]?.role === "model" ? kept.slice(1) : kept;
}

/** A turn may be as long as the others leave room for, and as its equal share in any case. */
async function cutToRoom(
  turns: readonly ChatTurn[],
  room: number,
  sizeOf: (turn: ChatTurn) => Promise<number>,
): Promise<ChatTurn[]> {
  const sizes = await Promise.all(turns.map(sizeOf));
  const excess = total(sizes) - room;
  return Promise.all(
    turns.map(async (turn, index) => {
      let size = sizes[index]!;
      const share = Math.max(room / turns.length, size - excess);
      let cut = turn;
      let { length } = turn.text;
      while (size > share && length > 0) {
        length = Math.min(length - 1, Math.floor((length * share) / size));
        cut = { ...turn, text: shortened(turn.text, length) };
        size = await sizeOf(cut);
      }
      return cut;
    }),
  );
}

function total(sizes: readonly number[]): number {
  return sizes.reduce((sum, size) => sum + size, 0);
}
