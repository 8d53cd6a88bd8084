import assert from "node:assert/strict";
import { groundsOf, stillTold, toldTurns } from "../../../../src/engine/chat/grounds";
import type { Refusal } from "../../../../src/engine/files/refusal";
import type { ReadableFolder } from "../../../../src/engine/repository/readableFolder";
import type { ChatSource, ChatTurn, DrawnFile } from "../../../../src/protocol/engine";
import { folderOf } from "./support/folders";

const answered = (question: string, ...drewOn: readonly DrawnFile[]): ChatTurn[] => [
  { role: "user", text: question },
  { role: "model", text: `${question} answered`, drewOn },
];
const question: ChatTurn = { role: "user", text: "And now?" };
const file = (path: string, folder = "/work"): DrawnFile => ({ folder, path });

/** @param elsewhere what is said of files of all other folders */
function judgedBy(folders: readonly ReadableFolder[], elsewhere?: Refusal) {
  return { folders, refusalElsewhere: async () => elsewhere };
}

describe("the turns that may be told", () => {
  it("are looked up by file, each once for a question, however many turns drew on it", async () => {
    const folder = await folderOf("/work", {});
    const looked: string[] = [];
    const counting = {
      ...folder,
      refusal: async (path: string) => {
        looked.push(path);
        return path === "x.ts" ? "ignored" : undefined;
      },
    };
    const turns = [
      ...answered("One?", file("a.ts")),
      ...answered("Two?", file("a.ts"), file("x.ts")),
      ...answered("Three?", file("x.ts"), file("b.ts")),
      ...[question],
    ];
    assert.deepEqual((await toldTurns(turns, judgedBy([counting]))).turns, [...turns.slice(0, 2), question]);
    assert.deepEqual(looked.sort(), ["a.ts", "b.ts", "x.ts"]);
  });

  it("are those before the first answer that drew on what is forbidden: later ones may repeat what it says", async () => {
    const folder = await folderOf("/work", {}, { "x.ts": "ignored" });
    const turns = [...answered("One?"), ...answered("Two?", file("x.ts")), ...answered("As a table?"), question];
    const withheld = { count: 2, isForGood: true };
    assert.deepEqual(await toldTurns(turns, judgedBy([folder])), { turns: [...turns.slice(0, 2), question], withheld });
    assert.deepEqual(await toldTurns(turns.slice(2), judgedBy([folder])), { turns: [question], withheld });
    assert.deepEqual(await toldTurns([...turns.slice(0, 2), question], judgedBy([folder])), {
      turns: [...turns.slice(0, 2), question],
    });
  });

  it("are judged by the folder that the file was read in, also where that lies in another one", async () => {
    const outer = await folderOf("/work", {});
    const inner = await folderOf("/work/inner", {}, { "a.ts": "ignored" });
    const turns = [...answered("One?", file("inner/a.ts")), ...answered("Two?", file("a.ts", "/work/inner")), question];
    const told = { turns: [...turns.slice(0, 2), question], withheld: { count: 1, isForGood: true } };
    assert.deepEqual(await toldTurns(turns, judgedBy([outer, inner])), told);
    assert.deepEqual(await toldTurns(turns, judgedBy([outer])), told, "a folder that is read no more is forbidden");
  });

  it("are those of folders of which it is known what may be told: a disk that does not answer says nothing of it", async () => {
    const gone = await folderOf("/share", {}, { "a.ts": "unreadable" });
    const turns = [...answered("One?", file("a.ts")), ...answered("Two?", file("a.ts", "/share")), question];
    assert.deepEqual(await toldTurns(turns, judgedBy([gone, await folderOf("/work", {})])), {
      turns: [...turns.slice(0, 2), question],
      withheld: { count: 1, isForGood: false },
    });
  });

  it("are withheld for now, and not for good, while nobody knows what may be told of their folder", async () => {
    const turns = [...answered("One?", file("a.ts")), question];
    const withheld = { count: 1, isForGood: false };
    assert.deepEqual(await toldTurns(turns, judgedBy([], "unsure")), { turns: [question], withheld });
  });

  it("are withheld only for now also when that is known again before the question's sources are gathered", async () => {
    let isUnsure = true;
    const needs = {
      folders: [],
      refusalElsewhere: async () => (isUnsure ? "unsure" : undefined),
      openText: () => undefined,
      countTokens: async ({ length }: string) => {
        isUnsure = false;
        return length;
      },
    } as const;
    const selection = { type: "selection", path: "notes.txt", startLine: 1, endLine: 1, text: "one" } as const;
    const turns = [...answered("One?", file("a.ts")), question];
    const asked = { turns, useRepository: true, attachments: [selection] };
    const { withheld } = await groundsOf(asked, needs, { passages: 1000, attached: 1000 });
    assert.deepEqual([withheld, isUnsure], [{ count: 1, isForGood: false }, false]);
  });

  it("are those about what the user has selected, also in a folder that is not read, but not what else was found there", async () => {
    const selected = { ...file("a.ts"), isSelected: true } as const;
    const turns = [...answered("One?", selected), question];
    assert.deepEqual(await toldTurns(turns, judgedBy([])), { turns });
    const withheld = { count: 1, isForGood: true };
    assert.deepEqual(await toldTurns(turns, judgedBy([], "ignored")), { turns: [question], withheld });
    for (const drewOn of [
      [selected, file("a.ts")],
      [file("a.ts"), selected],
    ]) {
      assert.deepEqual(await toldTurns([...answered("One?", ...drewOn), question], judgedBy([])), {
        ...{ turns: [question], withheld },
      });
    }
  });
});

describe("what was gathered for a question that waits", () => {
  const source = (reason: ChatSource["reason"]): ChatSource => ({
    ...{ folder: "/work", path: "a.ts", name: "a.ts", startLine: 1, endLine: 1, text: "code", tokens: 9, reason },
  });

  it("is told as long as its folder is read and it may be, and what was selected where it may be", async () => {
    const [found, selected] = [source("similar"), source("attached selection")];
    const allowed = await folderOf("/work", {});
    const forbidden = await folderOf("/work", {}, { "a.ts": "ignored" });
    for (const [judges, sources] of [
      [judgedBy([allowed]), [found, selected]],
      [judgedBy([forbidden]), []],
      [judgedBy([], "unsure"), []],
    ] as const) {
      assert.deepEqual(await stillTold({ turns: [question], sources: [found, selected] }, judges), {
        ...{ turns: [question], sources },
      });
    }
    assert.deepEqual((await stillTold({ turns: [question], sources: [selected] }, judgedBy([]))).sources, [selected]);
    assert.deepEqual((await stillTold({ turns: [question], sources: [found] }, judgedBy([]))).sources, []);
  });
});
