import assert from "node:assert/strict";
import { allowedTurns } from "../../../../src/engine/chat/grounds";
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
    assert.deepEqual(await allowedTurns(turns, [counting]), [...turns.slice(0, 2), question]);
    assert.deepEqual(looked.sort(), ["a.ts", "b.ts", "x.ts"]);
  });

  it("are those before the first answer that drew on what is forbidden: later ones may repeat what it says", async () => {
    const folder = await folderOf("/work", {}, { "x.ts": "ignored" });
    const turns = [...answered("One?"), ...answered("Two?", file("x.ts")), ...answered("As a table?"), question];
    assert.deepEqual(await allowedTurns(turns, [folder]), [...turns.slice(0, 2), question]);
    assert.deepEqual(await allowedTurns(turns.slice(2), [folder]), [question]);
  });

  it("are judged by the folder that the file was read in, also where that lies in another one", async () => {
    const outer = await folderOf("/work", {});
    const inner = await folderOf("/work/inner", {}, { "a.ts": "ignored" });
    const turns = [...answered("One?", file("inner/a.ts")), ...answered("Two?", file("a.ts", "/work/inner")), question];
    assert.deepEqual(await allowedTurns(turns, [outer, inner]), [...turns.slice(0, 2), question]);
    assert.deepEqual(await allowedTurns(turns, [outer]), [...turns.slice(0, 2), question]);
  });

  it("are those of folders of which it is known what may be told: a disk that does not answer says nothing of it", async () => {
    const gone = await folderOf("/share", {}, { "a.ts": "unreadable" });
    const turns = [...answered("One?", file("a.ts")), ...answered("Two?", file("a.ts", "/share")), question];
    assert.deepEqual(await allowedTurns(turns, [gone, await folderOf("/work", {})]), [...turns.slice(0, 2), question]);
  });
});
