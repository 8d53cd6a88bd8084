import assert from "node:assert/strict";
import type { Answerer } from "../../../../src/extension/chat/answerer";
import { Conversation, type ReadyAnswerer } from "../../../../src/extension/chat/conversation";
import { type Chatting, EngineAnswerer } from "../../../../src/extension/chat/engineAnswerer";
import { ChatHistory } from "../../../../src/extension/chat/history";
import type { ChatListener } from "../../../../src/extension/engineProcess/engineClient";
import type { ChatContext, ChatFindings, ChatParams, ChatResult, ChatSource } from "../../../../src/protocol/engine";
import type { AnswerEntry, QuestionEntry } from "../../../../src/protocol/webview";
import { textsOf } from "../../../support/chatEntries";
import { FakeClock, settled } from "../../../support/fakeClock";
import { fakeStore } from "../../../support/fakeStore";

const citation = { text: "a.ts:1", folder: "/work", path: "a.ts", startLine: 1, endLine: 1 };
const success: ChatResult = {
  ...{ type: "success", finish: "stop", generatedTokens: 2, decodeMs: 1 },
  ...{ reusedTokens: 0, replayedTokens: 9, prefillMs: 1 },
};
const source: ChatSource = {
  ...{ folder: "/work", path: "a.ts", name: "a.ts", startLine: 1, endLine: 2, text: "code", tokens: 9 },
  reason: "similar",
};
const findings: ChatFindings = {
  sources: [source, { ...source, path: "b.ts", tokens: 0 }],
  refusals: [".env was not used: secret."],
};
const context: ChatContext = { earlierTurns: 0, promptTokens: 30, base: { choice: "empty", reason: "" } };

function setUp({
  store = fakeStore(),
  /** Until then the engine checks places. */
  checked = Promise.resolve(),
} = {}) {
  const clock = new FakeClock();
  const told: string[] = [];
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
  const answering = { by: new EngineAnswerer(chatting, true) as Answerer };
  const conversation = new Conversation({
    engine: {
      checkCitations: async (text) => {
        await checked;
        return { type: "success", citations: text.includes(citation.text) ? [citation] : [] };
      },
    },
    history: new ChatHistory(store, assert.fail),
    listener: {
      onEntries: () => told.push("entries"),
      onText: (text) => told.push(`text: ${text}`),
      onAnswer: (_, isGoingOn) => told.push(isGoingOn ? "answer" : "end"),
    },
    clock,
  });
  const params = { useRepository: true, attachments: [], near: "file:///work/a.ts" };
  /** Asks, and waits until somebody answers. */
  const ask = async (text: string) => {
    const who = async () => ({ answerer: answering.by, searched: "all" }) as const;
    void conversation.ask({ text, attached: [], params }, who);
    await settled();
  };
  const say = (text: string) => engine.listener!.onText(text);
  const end = async (result: ChatResult = success) => {
    engine.end(result);
    await settled();
  };
  /** Asks, and has it answered. */
  const answered = async (question: string, text: string, found?: ChatFindings) => {
    await ask(question);
    if (found) engine.listener!.onFindings(found);
    say(text);
    await end();
  };
  const entries = () => conversation.entries;
  const answer = () => entries().at(-1) as AnswerEntry;
  return { conversation, ask, answered, answering, told, asked, engine, say, end, entries, answer, store, clock };
}

describe("Conversation", () => {
  it("streams an answer and keeps it, with its sources, citations and facts", async () => {
    const { conversation, ask, told, engine, say, end, entries, answer } = setUp();
    await ask(" Why? ");
    engine.listener!.onFindings(findings);
    engine.listener!.onContext(context);
    say("Because of ");
    say("a.ts:1.");
    await end();
    assert.deepEqual(told, ["entries", "entries", "answer", "text: Because of ", "text: a.ts:1.", "end"]);
    assert.equal(conversation.isAnswering, false);
    assert.deepEqual(entries()[0], { role: "user", text: "Why?", attached: [] });
    const { text, sources, citations, refusals, isContinuation, facts } = answer();
    assert.deepEqual({ text, isContinuation }, { text: "Because of a.ts:1.", isContinuation: true });
    assert.deepEqual([sources, citations, refusals], [findings.sources, [citation], findings.refusals]);
    assert.match(facts!, /^prompt of 30 tokens/);
  });

  it("shows a question whose answerer is to come, and begins once he is known with what was said before it", async () => {
    const { conversation, answered, answering, asked, end, entries, answer } = setUp();
    await answered("One?", "First.");
    let come = (_: ReadyAnswerer) => {};
    const params = { useRepository: true, attachments: [] };
    const whoIsToCome = () => new Promise<ReadyAnswerer>((resolve) => (come = resolve));
    void conversation.ask({ text: "Two?", attached: [], params }, whoIsToCome);
    assert.deepEqual(textsOf(entries()), ["One?", "First.", "Two?", ""]);
    assert.deepEqual([conversation.isAnswering, asked.length, answer().searched], [true, 1, undefined]);
    come({ answerer: answering.by, searched: "part" });
    await settled();
    assert.deepEqual(
      asked[1]!.turns.map(({ text }) => text),
      ["One?", "First.", "Two?"],
    );
    assert.deepEqual([answer().isContinuation, answer().searched], [true, "part"]);
    await end();
    assert.deepEqual(textsOf(entries()), ["One?", "First.", "Two?", ""]);

    void conversation.ask({ text: "Three?", attached: [], params }, whoIsToCome);
    conversation.clear();
    come({ answerer: answering.by, searched: "all" });
    await settled();
    assert.deepEqual([entries(), asked.length], [[], 2]);
  });

  it("asks with all that was said before, with what it drew on, and without the answer that is to come", async () => {
    const { ask, asked, engine, say, end } = setUp();
    await ask("One?");
    const selection: ChatSource = { ...source, path: "c.ts", reason: "attached selection" };
    engine.listener!.onFindings({ ...findings, sources: [...findings.sources, selection] });
    say("1");
    await end();
    await ask("Two?");
    const [found, selected] = [
      { folder: "/work", path: "a.ts" },
      { folder: "/work", path: "c.ts", isSelected: true },
    ];
    assert.deepEqual(asked[1]!.turns, [
      { role: "user", text: "One?" },
      { role: "model", text: "1", drewOn: [found, selected] },
      { role: "user", text: "Two?" },
    ]);
    assert.equal(asked[1]!.near, "file:///work/a.ts");
    assert.equal(asked[1]!.maxTokens, 200, "a draft is short");
  });

  it("says in the next window, too, what an answer may repeat of those that the history has dropped", async () => {
    const { conversation, ask, answered, asked, store } = setUp();
    const drewOn = [{ folder: "/work", path: "a.ts" }];
    await answered("What is it?", "x", findings);
    for (let n = 0; n < 30; n++) await answered(`${n}?`, `${n}`);
    conversation.clear()!();
    const next = setUp({ store });
    assert.equal(textsOf(next.entries())[0], "0?");
    await next.ask("And now?");
    assert.deepEqual([next.asked[0]!.turns[0]!.text, next.asked[0]!.turns[1]!.drewOn], ["0?", drewOn]);
    await ask("And now?");
    assert.deepEqual([asked.at(-1)!.turns[1]!.drewOn, asked.at(-1)!.turns[3]!.drewOn], [drewOn, []]);

    next.conversation.startTopic();
    await next.answered("Something else?", "else");
    await next.ask("And then?");
    assert.deepEqual(next.asked.at(-1)!.turns[1]!.drewOn, []);
  });

  it("tells an endpoint only what that endpoint has answered, and this machine everything", async () => {
    const { ask, answered, answering, asked, answer } = setUp();
    const own = answering.by;
    const told: string[][] = [];
    const endpoint = (address: string): Answerer => ({
      address,
      isContinuation: false,
      answer: async ({ turns }, { onText }) => {
        told.push(turns.map(({ text }) => text));
        onText(`from ${address}`);
        return { note: "Noted." };
      },
    });
    await answered("Private?", "Yes.");
    answering.by = endpoint("https://a");
    await ask("To a?");
    assert.deepEqual([answer().address, answer().text, answer().note], ["https://a", "from https://a", "Noted."]);
    answering.by = endpoint("https://b");
    await ask("To b?");
    answering.by = endpoint("https://a");
    await ask("To a again?");
    assert.deepEqual(told, [["To a?"], ["To b?"], ["To a?", "from https://a", "To a again?"]]);
    answering.by = own;
    await ask("And now?");
    assert.equal(asked.at(-1)!.turns.length, 9);
  });

  it("does not ask again what was never answered", async () => {
    const { ask, asked, end } = setUp();
    await ask("One?");
    await end({ type: "failed", message: "no engine" });
    await ask("Two?");
    assert.deepEqual(
      asked[1]!.turns.map(({ text }) => text),
      ["Two?"],
    );
  });

  it("refers back also to a question whose draft was stopped, and does so only where places are the answer", async () => {
    const { conversation, ask, answering, asked, engine } = setUp();
    const own = answering.by;
    await ask("One?");
    engine.listener!.onFindings(findings);
    conversation.stop();
    await settled();
    const told: string[][] = [];
    answering.by = {
      isContinuation: false,
      answer: async ({ turns }) => {
        told.push(turns.map(({ text }) => text));
        return {};
      },
    };
    await ask("Two?");
    assert.deepEqual(told, [["Two?"]]);
    answering.by = own;
    await ask("And where is it called?");
    assert.deepEqual(asked.at(-1)!.turns, [
      { role: "user", text: "One?" },
      { role: "model", text: "", drewOn: [{ folder: "/work", path: "a.ts" }] },
      { role: "user", text: "And where is it called?" },
    ]);
  });

  it("asks again without what there was of the answer, then and later", async () => {
    const { conversation, ask, asked, say, end } = setUp();
    const texts = () => asked.at(-1)!.turns.map(({ text }) => text);
    await ask("One?");
    say("1 of");
    conversation.stop();
    await settled();
    await ask("One?");
    assert.deepEqual(texts(), ["One?"]);
    say("1 of 2");
    await end();
    await ask("Two?");
    assert.deepEqual(texts(), ["One?", "1 of 2", "Two?"]);
    say("2 of");
    conversation.stop();
    await settled();
    await ask("Three?");
    assert.deepEqual(texts(), ["One?", "1 of 2", "Two?", "2 of", "Three?"], "what was not asked again says something");
  });

  it("shows what there is of an answer while it comes", async () => {
    const { conversation, ask, say, answer } = setUp();
    await ask("Why?");
    say("Be");
    assert.equal(answer().text, "Be");
    assert.equal(conversation.isAnswering, true);
  });

  it("answers one question at a time, and no empty one", async () => {
    const { ask, asked } = setUp();
    await ask("  \n");
    await ask("One?");
    await ask("Two?");
    assert.equal(asked.length, 1);
  });

  it("stops, and keeps what there is", async () => {
    const { conversation, ask, told, say, answer } = setUp();
    await ask("Why?");
    say("See a.ts:1");
    conversation.stop();
    await settled();
    assert.equal(told.at(-1), "end");
    assert.deepEqual([answer().text, answer().note], ["See a.ts:1", "Stopped."]);
    assert.deepEqual(answer().citations, [citation], "what it had named by then can be opened");
  });

  it("says what went wrong, at the answer that did not come", async () => {
    const { ask, end, answer } = setUp();
    await ask("Why?");
    await end({ type: "failed", message: "the engine ended: exit code 1" });
    assert.equal(answer().note, "the engine ended: exit code 1");
    await ask("Why?");
    assert.equal(answer().note, undefined);
  });

  it("forgets everything when it is cleared, also what still comes", async () => {
    const { conversation, ask, told, engine, say, entries, store, clock } = setUp();
    await ask("Why?");
    say("Be");
    say("cause");
    conversation.clear();
    engine.end(success);
    await clock.advance(60_000);
    assert.equal(told.at(-1), "entries");
    assert.deepEqual(entries(), []);
    assert.equal(conversation.isAnswering, false);
    assert.deepEqual([...store.values.values()], []);
  });

  it("forgets an answer that is cleared while its places are checked", async () => {
    let endCheck = () => {};
    const { conversation, ask, engine, say, end, entries, answer } = setUp({
      checked: new Promise((resolve) => (endCheck = resolve)),
    });
    await ask("Why?");
    engine.listener!.onFindings(findings);
    engine.listener!.onContext(context);
    say("See a.ts:1.");
    await end();
    const undo = conversation.clear()!;
    endCheck();
    await settled();
    assert.deepEqual(entries(), []);
    undo();
    assert.equal(answer().note, undefined, "it had come to its end");
    assert.match(answer().facts!, /^prompt of 30 tokens/);
  });

  it("brings back what was cleared, before what was asked meanwhile", async () => {
    const { conversation, ask, say, end, entries, store } = setUp();
    assert.equal(conversation.clear(), undefined, "there is nothing to bring back");
    await ask("One?");
    say("1");
    const undo = conversation.clear()!;
    assert.deepEqual([...store.values.values()], []);
    await ask("Two?");
    undo();
    say("2");
    await end();
    assert.deepEqual(textsOf(entries()), ["One?", "1", "Two?", "2"]);
    assert.equal((entries()[1] as AnswerEntry).note, "Stopped.");
    assert.deepEqual(textsOf(setUp({ store }).entries()), ["One?", "1", "Two?", "2"]);
  });

  it("brings back what was cleared in turn, in whichever order, each once, and nothing of what stays cleared", async () => {
    for (const order of [
      [0, 2],
      [2, 0],
    ]) {
      const { conversation, ask, entries } = setUp();
      const undos: (() => void)[] = [];
      for (const question of ["One?", "Two?", "Three?"]) {
        await ask(question);
        undos.push(conversation.clear()!);
      }
      await ask("Four?");
      for (const clearing of order) undos[clearing]!();
      const questions = () => textsOf(entries().filter(({ role }) => role === "user"));
      assert.deepEqual(questions(), ["One?", "Three?", "Four?"]);
      const undoAll = conversation.clear()!;
      await ask("Five?");
      undoAll();
      undos[1]!();
      assert.deepEqual(questions(), ["Two?", "One?", "Three?", "Four?", "Five?"], "as if it had been cleared before");
    }
  });

  it("begins a new topic at the question from which answers were withheld for good, and remembers what it was told", async () => {
    const { ask, answered, asked, entries } = setUp();
    const found = (part: Partial<ChatFindings>) => ({ ...findings, sources: [], ...part });
    await answered("One?", "1", found({ sources: [source] }));
    await answered("Two?", "2", found({ sources: [{ ...source, path: "x.ts" }] }));
    await answered("Three?", "3", found({ withheld: { count: 1, isForGood: false } }));
    assert.ok(!textsOf(entries()).includes("----"));
    await answered("Four?", "4", found({ withheld: { count: 2, isForGood: true } }));
    assert.deepEqual(textsOf(entries()).slice(6), ["----", "Four?", "4"]);
    await ask("Five?");
    assert.deepEqual(asked.at(-1)!.turns, [
      { role: "user", text: "Four?" },
      { role: "model", text: "4", drewOn: [{ folder: "/work", path: "a.ts" }] },
      { role: "user", text: "Five?" },
    ]);
  });

  it("tells nothing of what stands before a new topic, and keeps it", async () => {
    const { conversation, ask, asked, say, end, entries, store } = setUp();
    const isDivided = () => textsOf(entries()).includes("----");
    conversation.startTopic();
    assert.ok(!isDivided(), "there is nothing to divide");
    await ask("One?");
    say("1");
    conversation.startTopic();
    conversation.startTopic();
    assert.deepEqual(textsOf(entries()), ["One?", "1", "----"]);
    assert.equal((entries()[1] as AnswerEntry).note, "Stopped.");
    assert.equal(conversation.isAnswering, false);
    await ask("One?");
    assert.deepEqual(textsOf(entries()), ["One?", "1", "----", "One?", ""]);
    say("one");
    await end();
    const next = setUp({ store });
    await next.ask("Two?");
    assert.deepEqual(textsOf(next.entries()), ["One?", "1", "----", "One?", "one", "Two?", ""]);
    const turns = next.asked[0]!.turns.map(({ text }) => text);
    assert.deepEqual([asked[1]!.turns.length, turns], [1, ["One?", "one", "Two?"]]);
  });

  it("comes back in the next window, also what there was of an answer when that one was closed", async () => {
    const { ask, answered, engine, say, store, clock } = setUp();
    await answered("One?", "1");
    await ask("Two?");
    const entries = () => setUp({ store }).entries();
    const cutShort = "The window was closed before the answer was finished.";
    const [question, unanswered] = entries().slice(2) as [QuestionEntry, AnswerEntry];
    assert.deepEqual([question.text, unanswered.text, unanswered.note], ["Two?", "", cutShort]);
    engine.listener!.onFindings(findings);
    await clock.advance(3_000);
    assert.equal(
      (entries()[3] as AnswerEntry).sources.length,
      2,
      "where they are the answer, reading the draft takes long",
    );
    say("See ");
    say("a.ts:1");
    await clock.advance(3_000);
    const cut = entries()[3] as AnswerEntry;
    assert.deepEqual([cut.text, cut.note, cut.sources.length], ["See a.ts:1", cutShort, 2]);
    const next = setUp({ store });
    await next.ask("Three?");
    assert.deepEqual(
      next.asked[0]!.turns.map(({ text }) => text),
      ["One?", "1", "Two?", "See a.ts:1", "Three?"],
    );
    engine.end(success);
    await clock.advance(60_000);
    assert.equal((entries()[3] as AnswerEntry).note, undefined, "its end is known now");
  });
});
