import assert from "node:assert/strict";
import { toldTurns } from "../../../../src/engine/chat/grounds";
import type { ChatTurn, FolderFile } from "../../../../src/protocol/engine";
import { folderOf } from "./support/folders";

const answered = (question: string, ...drewOn: readonly FolderFile[]): ChatTurn[] => [
  { role: "user", text: question },
  { role: "model", text: `${question} answered`, drewOn },
];
const question: ChatTurn = { role: "user", text: "And now?" };
const file = (path: string, folder = "/work"): FolderFile => ({ folder, path });

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
    assert.deepEqual((await toldTurns(turns, [counting])).turns, [...turns.slice(0, 2), question]);
    assert.deepEqual(looked.sort(), ["a.ts", "b.ts", "x.ts"]);
  });

  it("are those before the first answer that drew on what is forbidden: later ones may repeat what it says", async () => {
    const folder = await folderOf("/work", {}, { "x.ts": "ignored" });
    const turns = [...answered("One?"), ...answered("Two?", file("x.ts")), ...answered("As a table?"), question];
    const withheld = { count: 2, isForGood: true };
    assert.deepEqual(await toldTurns(turns, [folder]), { turns: [...turns.slice(0, 2), question], withheld });
    assert.deepEqual(await toldTurns(turns.slice(2), [folder]), { turns: [question], withheld });
    assert.deepEqual(await toldTurns([...turns.slice(0, 2), question], [folder]), {
      turns: [...turns.slice(0, 2), question],
    });
  });

  it("are judged by the folder that the file was read in, also where that lies in another one", async () => {
    const outer = await folderOf("/work", {});
    const inner = await folderOf("/work/inner", {}, { "a.ts": "ignored" });
    const turns = [...answered("One?", file("inner/a.ts")), ...answered("Two?", file("a.ts", "/work/inner")), question];
    const told = { turns: [...turns.slice(0, 2), question], withheld: { count: 1, isForGood: true } };
    assert.deepEqual(await toldTurns(turns, [outer, inner]), told);
    assert.deepEqual(await toldTurns(turns, [outer]), told, "a folder that is read no more is forbidden");
  });

  it("are those of folders of which it is known what may be told: a disk that does not answer says nothing of it", async () => {
    const gone = await folderOf("/share", {}, { "a.ts": "unreadable" });
    const turns = [...answered("One?", file("a.ts")), ...answered("Two?", file("a.ts", "/share")), question];
    assert.deepEqual(await toldTurns(turns, [gone, await folderOf("/work", {})]), {
      turns: [...turns.slice(0, 2), question],
      withheld: { count: 1, isForGood: false },
    });
  });
});
