// How much of a conversation goes into a prompt: the newest turns before the question, as far as there is room.

import type { ChatTurn } from "../../protocol/engine";
import { shortened } from "../../text/shortened";

/**
 * In order, each in the form that `write` gives it. The newest question with its answer is always there, since the next one is
 * mostly about it: what is too long for the room is cut.
 * @param earlier oldest first, without the question
 * @param room in the unit of `sizeOf`
 */
export async function newestTurns<T>(
  earlier: readonly ChatTurn[],
  room: number,
  write: (turn: ChatTurn) => Promise<T>,
  sizeOf: (written: T) => number,
): Promise<T[]> {
  // An answer without its question says nothing.
  const newest = earlier.findLastIndex(({ role }) => role === "user");
  if (newest === -1) return [];
  const kept = await cutToRoom(earlier.slice(newest), room, write, sizeOf);
  let left = room - total(kept.map(sizeOf));
  for (const turn of earlier.slice(0, newest).toReversed()) {
    const written = await write(turn);
    left -= sizeOf(written);
    if (left < 0) break;
    kept.unshift(written);
  }
  const [first] = earlier.slice(earlier.length - kept.length);
  return first?.role === "model" ? kept.slice(1) : kept;
}

/** A turn may be as long as the others leave room for, and as its equal share in any case. */
async function cutToRoom<T>(
  turns: readonly ChatTurn[],
  room: number,
  write: (turn: ChatTurn) => Promise<T>,
  sizeOf: (written: T) => number,
): Promise<T[]> {
  const whole = await Promise.all(turns.map(write));
  const excess = total(whole.map(sizeOf)) - room;
  return Promise.all(
    whole.map((written, index) => {
      const share = Math.max(room / turns.length, sizeOf(written) - excess);
      return cutTo(turns[index]!, written, share);
    }),
  );

  async function cutTo(turn: ChatTurn, whole: T, share: number): Promise<T> {
    let written = whole;
    let { length } = turn.text;
    while (sizeOf(written) > share && length > 0) {
      length = Math.min(length - 1, Math.floor((length * share) / sizeOf(written)));
      written = await write({ ...turn, text: shortened(turn.text, length) });
    }
    return written;
  }
}

function total(sizes: readonly number[]): number {
  return sizes.reduce((sum, size) => sum + size, 0);
}
