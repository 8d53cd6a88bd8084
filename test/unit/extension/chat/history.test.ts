import assert from "node:assert/strict";
import { ChatHistory } from "../../../../src/extension/chat/history";
import type { AnswerEntry, ChatEntry } from "../../../../src/protocol/webview";
import { answerOf, textsOf } from "../../../support/chatEntries";
import { fakeStore } from "../../../support/fakeStore";

const question = (text: string): ChatEntry => ({ role: "user", text, attached: ["@a.ts"] });
const source = {
  folder: "/work",
  path: "a.ts",
  name: "a.ts",
  startLine: 1,
  endLine: 2,
  text: "secret plans",
  reason: "similar",
  tokens: 9,
} as const;
const answer = (text: string): AnswerEntry =>
  answerOf({ text, isContinuation: true, isGathered: true, sources: [source] });

const pairs = (count: number, text = "!"): ChatEntry[] =>
  Array.from({ length: count }, () => [question("?"), { ...answer(text), sources: [] }]).flat();

describe("chat history", () => {
  it("comes back with who answered", () => {
    const store = fakeStore();
    const away = { ...answer("Because."), address: "https://vllm.example", sources: [] };
    new ChatHistory(store, assert.fail).save([question("Why?"), away]);
    assert.deepEqual(new ChatHistory(store, assert.fail).load(), [question("Why?"), away]);
  });

  it("has the files that answers drew on which were dropped of a topic, as long as something is kept of that", () => {
    const drewOn = (...paths: readonly string[]): ChatEntry[] => [
      question("Why?"),
      { ...answer("Because."), sources: paths.map((path) => ({ ...source, path })) },
    ];
    const history = new ChatHistory(fakeStore(), assert.fail);
    const saved = (...entries: readonly ChatEntry[]) => {
      history.save(entries);
      return history.load();
    };
    const droppedBefore = ([first]: readonly ChatEntry[]) =>
      first?.role === "user" ? first.droppedFiles?.map(({ path }) => path) : assert.fail();
    assert.equal(droppedBefore(saved(...drewOn("x.ts"), ...pairs(29))), undefined, "nothing is dropped");
    const kept = saved(...drewOn("x.ts", "y.ts"), ...drewOn("y.ts"), ...pairs(30));
    assert.deepEqual(droppedBefore(kept), ["x.ts", "y.ts"], "each once");
    assert.deepEqual(droppedBefore(saved(...kept)), ["x.ts", "y.ts"], "from window to window");
    assert.deepEqual(droppedBefore(saved(...kept, ...drewOn("z.ts"), ...pairs(30))), ["x.ts", "y.ts", "z.ts"]);
    assert.deepEqual(droppedBefore(saved(...drewOn("z.ts"), ...kept)), ["z.ts", "x.ts", "y.ts"], "before it, by Undo");
    assert.deepEqual(
      droppedBefore(saved(...drewOn("x.ts"), ...pairs(12, "x".repeat(20_000)))),
      ["x.ts"],
      "for its size",
    );
    assert.equal(droppedBefore(saved(...drewOn("x.ts"), { role: "divider" }, ...pairs(30))), undefined);
    assert.equal(droppedBefore(saved(...kept, { role: "divider" }, ...pairs(30))), undefined, "of an earlier topic");
  });

  it("comes back with its sources, and without the text of files", () => {
    const store = fakeStore();
    new ChatHistory(store, assert.fail).save([question("Why?"), answer("Because.")]);
    const { text: _, ...place } = source;
    assert.deepEqual(new ChatHistory(store, assert.fail).load(), [
      question("Why?"),
      { ...answer("Because."), sources: [place] },
    ]);
    assert.ok(!JSON.stringify([...store.values]).includes("secret plans"));
  });

  it("leaves nothing when it is cleared", () => {
    const store = fakeStore();
    const history = new ChatHistory(store, assert.fail);
    history.save([question("Why?")]);
    history.save([]);
    assert.equal(store.values.size, 0);
    assert.deepEqual(history.load(), []);
  });

  it("is bounded, and begins with a question", () => {
    const store = fakeStore();
    const history = new ChatHistory(store, assert.fail);
    const turns = (count: number, size: number) =>
      Array.from({ length: count }, (_, n) => [question(`${n} ${"x".repeat(size)}`), answer(`a${n}`)]).flat();
    history.save(turns(100, 1));
    assert.ok(history.load().length <= 60);
    history.save(turns(20, 19_000));
    assert.ok(JSON.stringify([...store.values]).length < 210_000);
    assert.equal(history.load()[0]!.role, "user");
    assert.equal(textsOf(history.load()).at(-1), "a19", "the newest stay");
    history.save([answer("a"), { role: "divider" }, question("Why?"), { role: "divider" }]);
    assert.deepEqual(textsOf(history.load()), ["Why?", "----"]);
    history.save([answer("a"), { role: "divider" }]);
    assert.deepEqual(history.load(), []);
  });

  it("keeps the others beside a text of any length, and its beginning", () => {
    const store = fakeStore();
    const history = new ChatHistory(store, assert.fail);
    const long = "x".repeat(300_000);
    const texts = () => textsOf(history.load());
    history.save([question("Why?"), answer("Because."), question(`pasted ${long}`)]);
    assert.deepEqual(texts().slice(0, 2), ["Why?", "Because."]);
    assert.match(texts()[2]!, /^pasted x{19993}…$/);
    history.save([question(long), answer(long)]);
    assert.deepEqual(
      texts().map(({ length }) => length),
      [20_001, 20_001],
    );
  });

  it("drops what another version has stored, and what is damaged", () => {
    const form = { version: 3 };
    const good = { ...form, entries: [question("Why?"), answer("a")] };
    assert.equal(new ChatHistory(fakeStore({ "griffin.chat": good }), assert.fail).load().length, 2);
    const bad: unknown[] = [
      ...["text", null, []],
      form,
      { ...good, version: 2 },
      { ...form, entries: "none" },
      { ...form, entries: [null] },
    ];
    for (const stored of bad)
      assert.deepEqual(
        new ChatHistory(fakeStore({ "griffin.chat": stored }), assert.fail).load(),
        [],
        JSON.stringify(stored),
      );
  });
});
