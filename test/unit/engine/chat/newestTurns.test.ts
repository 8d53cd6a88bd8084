import assert from "node:assert/strict";
import { newestTurns } from "../../../../src/engine/chat/newestTurns";
import type { ChatTurn } from "../../../../src/protocol/engine";

/** A question begins with "q", and each letter takes one of `room`. */
async function check(room: number, said: readonly string[], expected: readonly string[]): Promise<void> {
  const turns = said.map((text): ChatTurn => ({ role: text.startsWith("q") ? "user" : "model", text }));
  const kept = await newestTurns(turns, room, async ({ text }) => text.length);
  assert.deepEqual(
    kept.map(({ text }) => text),
    expected,
  );
}

describe("the turns before a question", () => {
  it("are all in the prompt where there is room", () => check(10, ["q1", "a1", "q2", "a2"], ["q1", "a1", "q2", "a2"]));

  it("are else the newest ones, and begin with a question", async () => {
    await check(7, ["q1", "a1", "q2", "a2"], ["q2", "a2"]);
    await check(4, ["q1", "a1", "q2", "a2"], ["q2", "a2"]);
  });

  it("are always the newest question and its answer, of which what is too long is cut", async () => {
    await check(10, ["q1", "a1", "q2", "a23456789"], ["q2", "a234567…"]);
    await check(10, ["q234567890", "a234567890"], ["q234…", "a234…"]);
    await check(0, ["q1", "a1"], ["…", "…"]);
  });

  it("are none where nothing was asked", async () => {
    await check(10, [], []);
    await check(10, ["a1"], []);
  });
});
