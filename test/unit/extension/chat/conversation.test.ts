import assert from "node:assert/strict";
import type { Answerer } from "../../../../src/extension/chat/answerer";
import { Attachments } from "../../../../src/extension/chat/attachments";
import { Conversation } from "../../../../src/extension/chat/conversation";
import { type Chatting, EngineAnswerer } from "../../../../src/extension/chat/engineAnswerer";
import { ChatHistory } from "../../../../src/extension/chat/history";
import type { ChatListener } from "../../../../src/extension/engineClient";
import type { ChatContext, ChatParams, ChatResult, ChatSource } from "../../../../src/protocol/engine";
import type { AnswerEntry, ChatEntry, ToPage } from "../../../../src/protocol/webview";
import { FakeClock, settled } from "../../../support/fakeClock";

const citation = { text: "a.ts:1", folder: "/work", path: "a.ts", startLine: 1, endLine: 1 };
const success: ChatResult = {
  ...{ type: "success", finish: "stop", generatedTokens: 2, decodeMs: 1 },
  ...{ reusedTokens: 0, replayedTokens: 9, prefillMs: 1 },
};
const source: ChatSource = {
  ...{ folder: "/work", path: "a.ts", name: "a.ts", startLine: 1, endLine: 2, text: "code", tokens: 9 },
  reason: "similar",
};
const context: ChatContext = {
  ...{ sources: [source, { ...source, path: "b.ts", tokens: 0 }], refusals: [".env was not used: secret."] },
  ...{ earlierTurns: 0, earlierFiles: [], promptTokens: 30, base: { choice: "empty", reason: "" } },
};

function setUp({
  stored = new Map<string, unknown>(),
  refusal = undefined as string | undefined,
  /** Until then the engine checks places. */
  checked = Promise.resolve(),
} = {}) {
  const clock = new FakeClock();
  const told: ToPage[] = [];
  const asked: ChatParams[] = [];
  const engine = { listener: undefined as ChatListener | undefined, end: (_: ChatResult) => {} };
  const chatting: Chatting = {
    chat: (params, listener, signal) =>
      new Promise((resolve) => {
        asked.push(params);
        engine.listener = listener;
        engine.end = resolve;
        signal.addEventListener("abort", () => resolve({ type: "cancelled", reason: "cancelled by the caller" }));
      }),
  };
  const store = {
    get: (key: string) => stored.get(key),
    update: (key: string, value: unknown) => stored.set(key, value),
  };
  const attachments = new Attachments(store);
  const answering = { by: new EngineAnswerer(chatting) as Answerer };
  const conversation = new Conversation({
    answerer: () => answering.by,
    engine: {
      checkCitations: async (text) => {
        await checked;
        return { type: "success", citations: text.includes(citation.text) ? [citation] : [] };
      },
    },
    history: new ChatHistory(store),
    attachments,
    availability: () => ({ type: "ready", modelName: "Small", instructionTuned: false }),
    repositoryRefusal: () => refusal,
    near: () => "file:///work/a.ts",
    tell: (message) => told.push(message),
    clock,
  });
  const state = () => {
    conversation.tellState();
    const last = told.at(-1)!;
    assert(last.type === "state");
    return last;
  };
  const say = (text: string) => engine.listener!.onText(text);
  const answer = () => state().entries.at(-1) as AnswerEntry;
  return { conversation, attachments, answering, told, asked, engine, say, state, answer, stored, clock };
}

describe("Conversation", () => {
  it("streams an answer and keeps it, with its sources, citations and facts", async () => {
    const { conversation, told, engine, say, state, answer } = setUp();
    void conversation.ask(" Why? ");
    engine.listener!.onContext(context);
    say("Because of ");
    say("a.ts:1.");
    engine.end(success);
    await settled();
    assert.deepEqual(
      told.map((message) => message.type),
      ["state", "answer", "text", "text", "answer"],
    );
    const { entries, answering } = state();
    assert.equal(answering, false);
    assert.deepEqual(entries[0], { role: "user", text: "Why?", attached: [] });
    const { text, sources, citations, refusals, isContinuation, facts } = answer();
    assert.deepEqual({ text, isContinuation }, { text: "Because of a.ts:1.", isContinuation: true });
    assert.deepEqual([sources, citations, refusals], [context.sources, [citation], context.refusals]);
    assert.match(facts!, /^30 tokens asked/);
  });

  it("asks with all that was said before, with what it drew on, and without the answer that is to come", async () => {
    const { conversation, asked, engine, say } = setUp();
    void conversation.ask("One?");
    engine.listener!.onContext(context);
    say("1");
    engine.end(success);
    await settled();
    void conversation.ask("Two?");
    assert.deepEqual(asked[1]!.turns, [
      { role: "user", text: "One?" },
      { role: "model", text: "1", drewOn: [{ folder: "/work", path: "a.ts" }] },
      { role: "user", text: "Two?" },
    ]);
    assert.equal(asked[1]!.near, "file:///work/a.ts");
    assert.equal(asked[1]!.maxTokens, 200, "a draft is short");
  });

  it("says of an answer from what was said before what that drew on", async () => {
    const { conversation, asked, engine, say } = setUp();
    void conversation.ask("As a table?");
    engine.listener!.onContext({ ...context, sources: [], earlierFiles: [{ folder: "/work", path: "x.ts" }] });
    say("| x |");
    engine.end(success);
    await settled();
    void conversation.ask("And now?");
    assert.deepEqual(asked[1]!.turns[1]!.drewOn, [{ folder: "/work", path: "x.ts" }]);
  });

  it("tells an endpoint only what that endpoint has answered, and this machine everything", async () => {
    const { conversation, answering, asked, engine, say, answer } = setUp();
    const own = answering.by;
    const told: string[][] = [];
    const endpoint = (origin: string): Answerer => ({
      origin,
      answer: async ({ turns }, { onText }) => {
        told.push(turns.map(({ text }) => text));
        onText(`from ${origin}`);
        return { note: "Noted." };
      },
    });
    void conversation.ask("Private?");
    say("Yes.");
    engine.end(success);
    await settled();
    answering.by = endpoint("https://a");
    await conversation.ask("To a?");
    assert.deepEqual([answer().origin, answer().text, answer().note], ["https://a", "from https://a", "Noted."]);
    answering.by = endpoint("https://b");
    await conversation.ask("To b?");
    answering.by = endpoint("https://a");
    await conversation.ask("To a again?");
    assert.deepEqual(told, [["To a?"], ["To b?"], ["To a?", "from https://a", "To a again?"]]);
    answering.by = own;
    void conversation.ask("And now?");
    assert.equal(asked.at(-1)!.turns.length, 9);
  });

  it("does not ask again what was never answered", async () => {
    const { conversation, asked, engine } = setUp();
    void conversation.ask("One?");
    engine.end({ type: "failed", message: "no engine" });
    await settled();
    void conversation.ask("Two?");
    assert.deepEqual(
      asked[1]!.turns.map(({ text }) => text),
      ["Two?"],
    );
  });

  it("asks again without what there was of the answer, then and later", async () => {
    const { conversation, asked, engine, say } = setUp();
    const texts = () => asked.at(-1)!.turns.map(({ text }) => text);
    void conversation.ask("One?");
    say("1 of");
    conversation.stop();
    await settled();
    void conversation.ask("One?");
    assert.deepEqual(texts(), ["One?"]);
    say("1 of 2");
    engine.end(success);
    await settled();
    void conversation.ask("Two?");
    assert.deepEqual(texts(), ["One?", "1 of 2", "Two?"]);
    say("2 of");
    conversation.stop();
    await settled();
    void conversation.ask("Three?");
    assert.deepEqual(texts(), ["One?", "1 of 2", "Two?", "2 of", "Three?"], "what was not asked again says something");
  });

  it("asks with what is attached, and shows it at the question", () => {
    const { conversation, attachments, asked, state } = setUp();
    attachments.addFile({ folder: "/work", path: "a.ts", name: "a.ts" });
    attachments.useRepository = false;
    void conversation.ask("Why?");
    assert.deepEqual(asked[0]!.attachments, [{ type: "file", folder: "/work", path: "a.ts" }]);
    assert.equal(asked[0]!.useRepository, false);
    const [question] = state().entries;
    assert.ok(question?.role === "user" && question.attached[0] === "@a.ts");
    assert.equal(state().chips.attachments.length, 1, "it stays for the next question");
  });

  it("does not ask for a repository that is not read, and says why", () => {
    const { conversation, asked, state } = setUp({ refusal: "In Restricted Mode only open documents are read." });
    void conversation.ask("Why?");
    assert.equal(asked[0]!.useRepository, false);
    assert.deepEqual(state().chips.repository, {
      isOn: false,
      refusal: "In Restricted Mode only open documents are read.",
    });
  });

  it("shows a page that comes back what it has missed", () => {
    const { conversation, say, state, answer } = setUp();
    void conversation.ask("Why?");
    say("Be");
    assert.equal(answer().text, "Be");
    assert.equal(state().answering, true);
  });

  it("answers one question at a time, and no empty one", async () => {
    const { conversation, asked } = setUp();
    await conversation.ask("  \n");
    void conversation.ask("One?");
    void conversation.ask("Two?");
    assert.equal(asked.length, 1);
  });

  it("stops, and keeps what there is", async () => {
    const { conversation, say, told, answer } = setUp();
    void conversation.ask("Why?");
    say("See a.ts:1");
    conversation.stop();
    await settled();
    const last = told.at(-1)!;
    assert.ok(last.type === "answer" && !last.answering);
    assert.deepEqual([answer().text, answer().note], ["See a.ts:1", "Stopped."]);
    assert.deepEqual(answer().citations, [citation], "what it had named by then can be opened");
  });

  it("says what went wrong, at the answer that did not come", async () => {
    const { conversation, engine, answer } = setUp();
    void conversation.ask("Why?");
    engine.end({ type: "failed", message: "the engine ended: exit code 1" });
    await settled();
    assert.equal(answer().note, "the engine ended: exit code 1");
    void conversation.ask("Why?");
    assert.equal(answer().note, undefined);
  });

  it("forgets everything when it is cleared, also what still comes", async () => {
    const { conversation, engine, say, state, told, stored, clock } = setUp();
    void conversation.ask("Why?");
    say("Be");
    say("cause");
    conversation.clear();
    engine.end(success);
    await clock.advance(60_000);
    assert.equal(told.at(-1)!.type, "state");
    assert.deepEqual(state().entries, []);
    assert.equal(state().answering, false);
    assert.deepEqual([...stored.values()], [undefined]);
  });

  it("forgets an answer that is cleared while its places are checked", async () => {
    let endCheck = () => {};
    const { conversation, engine, say, state, answer } = setUp({
      checked: new Promise((resolve) => (endCheck = resolve)),
    });
    void conversation.ask("Why?");
    engine.listener!.onContext(context);
    say("See a.ts:1.");
    engine.end(success);
    await settled();
    const undo = conversation.clear()!;
    endCheck();
    await settled();
    assert.deepEqual(state().entries, []);
    undo();
    assert.equal(answer().note, undefined, "it had come to its end");
    assert.match(answer().facts!, /^30 tokens asked/);
  });

  it("brings back what was cleared, before what was asked meanwhile", async () => {
    const { conversation, engine, say, state, stored } = setUp();
    assert.equal(conversation.clear(), undefined, "there is nothing to bring back");
    void conversation.ask("One?");
    say("1");
    const undo = conversation.clear()!;
    assert.deepEqual([...stored.values()], [undefined]);
    void conversation.ask("Two?");
    undo();
    say("2");
    engine.end(success);
    await settled();
    const texts = (entries: readonly ChatEntry[]) => entries.map(({ text }) => text);
    assert.deepEqual(texts(state().entries), ["One?", "1", "Two?", "2"]);
    assert.equal((state().entries[1] as AnswerEntry).note, "Stopped.");
    assert.deepEqual(texts(setUp({ stored }).state().entries), ["One?", "1", "Two?", "2"]);
  });

  it("brings back in order what was cleared in turn, in whichever order that is undone", () => {
    for (const order of [
      [0, 1],
      [1, 0],
    ]) {
      const { conversation, state } = setUp();
      const undos = ["One?", "Two?"].map((question) => {
        void conversation.ask(question);
        return conversation.clear()!;
      });
      void conversation.ask("Three?");
      for (const index of order) undos[index]!();
      const questions = state().entries.filter(({ role }) => role === "user");
      assert.deepEqual(
        questions.map(({ text }) => text),
        ["One?", "Two?", "Three?"],
      );
    }
  });

  it("brings each back in its place, also when what was before it had come back and was cleared again", () => {
    const { conversation, state } = setUp();
    const clearAfter = (question: string) => {
      void conversation.ask(question);
      return conversation.clear()!;
    };
    const [undoOne, undoTwo] = [clearAfter("One?"), clearAfter("Two?")];
    undoOne();
    clearAfter("Three?")();
    undoTwo();
    const questions = state().entries.filter(({ role }) => role === "user");
    assert.deepEqual(
      questions.map(({ text }) => text),
      ["One?", "Two?", "Three?"],
    );
  });

  it("comes back in the next window, also what there was of an answer when that one was closed", async () => {
    const { conversation, engine, say, stored, clock } = setUp();
    void conversation.ask("One?");
    say("1");
    engine.end(success);
    await settled();
    void conversation.ask("Two?");
    const entries = () => setUp({ stored }).state().entries;
    const cutShort = "The window was closed before its end.";
    const [question, unanswered] = entries().slice(2) as [ChatEntry, AnswerEntry];
    assert.deepEqual([question.text, unanswered.text, unanswered.note], ["Two?", "", cutShort]);
    engine.listener!.onContext(context);
    say("See ");
    say("a.ts:1");
    await clock.advance(3_000);
    const cut = entries()[3] as AnswerEntry;
    assert.deepEqual([cut.text, cut.note, cut.sources.length], ["See a.ts:1", cutShort, 2]);
    const next = setUp({ stored });
    void next.conversation.ask("Three?");
    assert.deepEqual(
      next.asked[0]!.turns.map(({ text }) => text),
      ["One?", "1", "Two?", "See a.ts:1", "Three?"],
    );
    engine.end(success);
    await clock.advance(60_000);
    assert.equal((entries()[3] as AnswerEntry).note, undefined, "its end is known now");
  });
});
