import assert from "node:assert/strict";
import { type Chatting, Conversation } from "../../../src/extension/conversation";
import type { ChatParams, ChatResult } from "../../../src/protocol/engine";
import type { ToPage } from "../../../src/protocol/webview";
import { settled } from "../../support/fakeClock";

const success: ChatResult = {
  ...{ type: "success", finish: "stop", generatedTokens: 2, decodeMs: 1 },
  ...{ reusedTokens: 0, replayedTokens: 9, prefillMs: 1, citations: [] },
};

function setUp() {
  const told: ToPage[] = [];
  const asked: ChatParams[] = [];
  const engine = { say: (_: string) => {}, end: (_: ChatResult) => {} };
  const chatting: Chatting = {
    chat: (params, onText, signal) =>
      new Promise((resolve) => {
        asked.push(params);
        engine.say = onText;
        engine.end = resolve;
        signal.addEventListener("abort", () => resolve({ type: "cancelled", reason: "cancelled by the caller" }));
      }),
  };
  const conversation = new Conversation(
    chatting,
    () => ({ type: "starting" }),
    (message) => told.push(message),
  );
  const state = () => {
    conversation.tellState();
    const last = told.at(-1)!;
    assert.equal(last.type, "state");
    return last as ToPage & { type: "state" };
  };
  return { conversation, told, asked, engine, state };
}

describe("Conversation", () => {
  it("streams an answer and keeps it", async () => {
    const { conversation, told, engine, state } = setUp();
    void conversation.ask(" Why? ");
    engine.say("Be");
    engine.say("cause.");
    engine.end(success);
    await settled();
    assert.deepEqual(
      told.map((message) => message.type),
      ["state", "text", "text", "done"],
    );
    const { turns, answering } = state();
    assert.deepEqual(turns, [
      { role: "user", text: "Why?" },
      { role: "model", text: "Because." },
    ]);
    assert.equal(answering, false);
  });

  it("asks with all that was said before, and without the answer that is to come", async () => {
    const { conversation, asked, engine } = setUp();
    void conversation.ask("One?");
    engine.say("1");
    engine.end(success);
    await settled();
    void conversation.ask("Two?");
    assert.deepEqual(
      asked[1]!.turns.map(({ text }) => text),
      ["One?", "1", "Two?"],
    );
  });

  it("shows a page that comes back what it has missed", () => {
    const { conversation, engine, state } = setUp();
    void conversation.ask("Why?");
    engine.say("Be");
    const { turns, answering } = state();
    assert.equal(turns.at(-1)!.text, "Be");
    assert.equal(answering, true);
  });

  it("answers one question at a time, and no empty one", async () => {
    const { conversation, asked } = setUp();
    await conversation.ask("  \n");
    void conversation.ask("One?");
    void conversation.ask("Two?");
    assert.equal(asked.length, 1);
  });

  it("stops, and keeps what there is", async () => {
    const { conversation, engine, state, told } = setUp();
    void conversation.ask("Why?");
    engine.say("Be");
    conversation.stop();
    await settled();
    assert.deepEqual(told.at(-1), { type: "done", note: "Stopped." });
    assert.equal(state().turns.at(-1)!.text, "Be");
    assert.equal(state().note, "Stopped.");
  });

  it("says what went wrong, until the next question", async () => {
    const { conversation, engine, state } = setUp();
    void conversation.ask("Why?");
    engine.end({ type: "failed", message: "the engine ended: exit code 1" });
    await settled();
    assert.equal(state().note, "the engine ended: exit code 1");
    void conversation.ask("Why?");
    assert.equal(state().note, undefined);
  });

  it("forgets everything when it is cleared, also what still comes", async () => {
    const { conversation, engine, state, told } = setUp();
    void conversation.ask("Why?");
    conversation.clear();
    engine.end(success);
    await settled();
    assert.equal(told.at(-1)!.type, "state");
    assert.deepEqual(state().turns, []);
    assert.equal(state().answering, false);
  });
});
