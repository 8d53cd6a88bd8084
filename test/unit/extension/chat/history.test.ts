import assert from "node:assert/strict";
import { ChatHistory, type KeptEntry } from "../../../../src/extension/chat/history";
import type { AnswerEntry, ChatEntry } from "../../../../src/protocol/webview";
import { textsOf } from "../../../support/chatEntries";
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
const answer = (text: string): AnswerEntry => ({
  ...{ role: "model", text, isContinuation: true, isGathered: true, sources: [source], citations: [], refusals: [] },
});

const kept = (...entries: readonly ChatEntry[]): KeptEntry[] => entries.map((entry) => ({ entry }));
const entriesOf = (history: ChatHistory) => history.load().map(({ entry }) => entry);

describe("chat history", () => {
  it("comes back with who answered", () => {
    const store = fakeStore();
    const away = { ...answer("Because."), address: "https://vllm.example", sources: [] };
    new ChatHistory(store, assert.fail).save(kept(question("Why?"), away));
    assert.deepEqual(new ChatHistory(store, assert.fail).load(), kept(question("Why?"), away));
  });

  it("comes back with the files that the answers' earlier turns drew on", () => {
    const store = fakeStore();
    const file = (path: string) => ({ folder: "/work", path });
    const entries: KeptEntry[] = [
      { entry: question("Why?") },
      { entry: { ...answer("Because."), searched: "part", sources: [] }, earlierFiles: [] },
      { entry: question("As a table?") },
      { entry: { ...answer("| Because |"), sources: [] }, earlierFiles: [file("a.ts"), file("b.ts")] },
      { entry: question("As a list?") },
      { entry: { ...answer("- Because"), sources: [] }, earlierFiles: [file("c.ts"), file("a.ts")] },
    ];
    new ChatHistory(store, assert.fail).save(entries);
    assert.deepEqual(new ChatHistory(store, assert.fail).load(), entries);
  });

  it("keeps a long conversation whose every answer drew on the files of those before it", () => {
    const store = fakeStore();
    const history = new ChatHistory(store, assert.fail);
    const files = Array.from({ length: 240 }, (_, n) => ({
      folder: "/home/somebody/projects/work",
      path: `packages/some/folder/deep/down/in/it/file${n}.ts`,
    }));
    const entries = Array.from({ length: 30 }, (_, n): KeptEntry[] => [
      { entry: question(`${n}?`) },
      { entry: answer(`${n}.`), earlierFiles: files.slice(0, 8 * n) },
    ]).flat();
    history.save(entries);
    assert.equal(history.load().length, 60);
    assert.deepEqual(history.load().at(-1)!.earlierFiles, files.slice(0, 232));
    assert.ok(JSON.stringify([...store.values]).length < 210_000);
  });

  it("comes back with its sources, and without the text of files", () => {
    const store = fakeStore();
    new ChatHistory(store, assert.fail).save(kept(question("Why?"), answer("Because.")));
    const { text: _, ...place } = source;
    assert.deepEqual(entriesOf(new ChatHistory(store, assert.fail)), [
      question("Why?"),
      { ...answer("Because."), sources: [place] },
    ]);
    assert.ok(!JSON.stringify([...store.values]).includes("secret plans"));
  });

  it("leaves nothing when it is cleared", () => {
    const store = fakeStore();
    const history = new ChatHistory(store, assert.fail);
    history.save(kept(question("Why?")));
    history.save([]);
    assert.equal(store.values.size, 0);
    assert.deepEqual(history.load(), []);
  });

  it("is bounded, and begins with a question", () => {
    const store = fakeStore();
    const history = new ChatHistory(store, assert.fail);
    const turns = (count: number, size: number) =>
      kept(...Array.from({ length: count }, (_, n) => [question(`${n} ${"x".repeat(size)}`), answer(`a${n}`)]).flat());
    history.save(turns(100, 1));
    assert.ok(history.load().length <= 60);
    history.save(turns(20, 19_000));
    assert.ok(JSON.stringify([...store.values]).length < 210_000);
    assert.equal(entriesOf(history)[0]!.role, "user");
    assert.equal(textsOf(entriesOf(history)).at(-1), "a19", "the newest stay");
    history.save(kept(answer("a"), { role: "divider" }, question("Why?"), { role: "divider" }));
    assert.deepEqual(textsOf(entriesOf(history)), ["Why?", "----"]);
    history.save(kept(answer("a"), { role: "divider" }));
    assert.deepEqual(history.load(), []);
  });

  it("keeps the others beside a text of any length, and its beginning", () => {
    const store = fakeStore();
    const history = new ChatHistory(store, assert.fail);
    const long = "x".repeat(300_000);
    const texts = () => textsOf(entriesOf(history));
    history.save(kept(question("Why?"), answer("Because."), question(`pasted ${long}`)));
    assert.deepEqual(texts().slice(0, 2), ["Why?", "Because."]);
    assert.match(texts()[2]!, /^pasted x{19993}…$/);
    history.save(kept(question(long), answer(long)));
    assert.deepEqual(
      texts().map(({ length }) => length),
      [20_001, 20_001],
    );
  });

  it("drops what another version has stored", () => {
    const form = { version: 2, files: [] };
    const good = { ...form, entries: kept(question("Why?"), answer("a")) };
    assert.equal(new ChatHistory(fakeStore({ "griffin.chat": good }), assert.fail).load().length, 2);
    const bad: unknown[] = [
      ..."text",
      { ...good, version: 1 },
      { ...form, entries: "none" },
      { version: 2, entries: [] },
      { ...good, files: ["a.ts"] },
      { ...form, entries: [{ entry: { role: "user" } }] },
      { ...form, entries: [{ entry: { role: "model", text: "a" } }] },
      { ...form, entries: [{ entry: { ...answer("a"), sources: [{ path: 1 }] } }] },
      { ...form, entries: [{ entry: { ...answer("a"), sources: [{ path: "a.ts" }] } }] },
      { ...form, entries: [{ entry: { ...answer("a"), isContinuation: 1 } }] },
      { ...form, entries: [{ entry: { ...answer("a"), address: 1 } }] },
      { ...form, entries: [{ entry: { ...answer("a"), searched: true } }] },
      { ...form, entries: [{ entry: answer("a"), earlierFiles: [0] }] },
      { ...form, entries: [null] },
      { ...form, entries: [question("Why?")] },
    ];
    for (const stored of bad)
      assert.deepEqual(
        new ChatHistory(fakeStore({ "griffin.chat": stored }), assert.fail).load(),
        [],
        JSON.stringify(stored),
      );
  });
});
