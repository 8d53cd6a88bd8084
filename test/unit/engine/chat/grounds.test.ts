import assert from "node:assert/strict";
import { allowedTurns } from "../../../../src/engine/chat/grounds";
import type { ChatTurn, FolderFile } from "../../../../src/protocol/engine";
import { folderOf } from "./support/folders";

const answered = (question: string, ...drewOn: readonly FolderFile[]): ChatTurn[] => [
  { role: "user", text: question },
  { role: "model", text: `${question} answered`, drewOn },
];
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
    const [one, two, three, four] = [
      answered("One?", file("a.ts")),
      answered("Two?", file("a.ts"), file("x.ts")),
      answered("Three?", file("x.ts"), file("b.ts"), file("a.ts")),
      answered("Four?", file("b.ts"), file("a.ts")),
    ];
    const question: ChatTurn = { role: "user", text: "Five?" };
    const turns = [...one, ...two, ...three, ...four, question];
    assert.deepEqual(await allowedTurns(turns, [counting]), [...one, ...four, question]);
    assert.deepEqual(looked.sort(), ["a.ts", "b.ts", "x.ts"]);
  });

  it("are judged by the folder that the file was read in, also where that lies in another one", async () => {
    const outer = await folderOf("/work", {});
    const inner = await folderOf("/work/inner", {}, { "a.ts": "ignored" });
    const turns = [...answered("One?", file("a.ts", "/work/inner")), ...answered("Two?", file("inner/a.ts"))];
    assert.deepEqual(await allowedTurns(turns, [outer, inner]), turns.slice(2));
    assert.deepEqual(await allowedTurns(turns, [outer]), turns.slice(2));
  });

  it("are those of folders of which it is known what may be told: a disk that does not answer says nothing of it", async () => {
    const gone = await folderOf("/share", {}, { "a.ts": "unreadable" });
    const turns = [...answered("One?", file("a.ts", "/share")), ...answered("Two?", file("a.ts"))];
    assert.deepEqual(await allowedTurns(turns, [gone, await folderOf("/work", {})]), turns.slice(2));
  });
});
