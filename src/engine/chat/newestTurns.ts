// How much of a conversation goes into a prompt: the newest turns before the question, as far as there is room.

import type { ChatTurn } from "../../protocol/engine";

/**
 * In order, each in the form that `write` gives it.
 * @param earlier oldest first, without the question
 * @param room in the unit of `sizeOf`
 */
export async function newestTurns<T>(
  earlier: readonly ChatTurn[],
  room: number,
  write: (turn: ChatTurn) => Promise<T>,
  sizeOf: (written: T) => number,
): Promise<T[]> {
  const kept: T[] = [];
  let left = room;
  for (const turn of earlier.toReversed()) {
    const written = await write(turn);
    left -= sizeOf(written);
    if (left < 0) break;
    kept.unshift(written);
  }
  // An answer without its question says nothing.
  const [first] = earlier.slice(earlier.length - kept.length);
  return first?.role === "model" ? kept.slice(1) : kept;
}
