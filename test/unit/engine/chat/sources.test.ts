import assert from "node:assert/strict";
import { toldTurns } from "../../../../src/engine/chat/grounds";
import { gatherSources, OWN_ROOM } from "../../../../src/engine/chat/sources";
import { REFUSALS } from "../../../../src/engine/files/refusal";
import type { ReadableFolder } from "../../../../src/engine/repository/readableFolder";
import type { ChatAttachment, ChatParams } from "../../../../src/protocol/engine";
import { folderOf } from "./support/folders";

const SHAPES = "/** The area. */\nexport function area(width: number, height: number) {\n  return width * height;\n}\n";
const SECRET = "ghp_8Vbn3KqLx2TzYw9RcDf4GhJm6PsAeUoI1XtQ";

function gather(folders: readonly ReadableFolder[], question: string, change: Partial<ChatParams> = {}, open?: string) {
  const params: ChatParams = {
    turns: [{ role: "user", text: question }],
    maxTokens: 1,
    useRepository: true,
    attachments: [],
    ...change,
  };
  // A token a character keeps the arithmetic plain.
  const countTokens = async (text: string): Promise<number> => text.length;
  const refusalElsewhere = async (_: string, path: string) => (path.startsWith("out/") ? "ignored" : undefined);
  return gatherSources(params, { folders, openText: () => open, refusalElsewhere, countTokens }, OWN_ROOM);
}

const attachFile = (path: string, folder = "/work"): ChatAttachment => ({ type: "file", folder, path });

function attachSelection(path: string, text: string, folder?: string): ChatAttachment {
  return { type: "selection", path, text, startLine: 5, endLine: 5, ...(folder && { folder }) };
}

describe("a question's sources", () => {
  it("are the passages of the repository, with their lines", async () => {
    const folder = await folderOf("/work", { "src/shapes.ts": SHAPES, "src/other.ts": "export const other = 1;\n" });
    const { sources } = await gather([folder], "How is the area computed?");
    assert.equal(sources[0]!.path, "src/shapes.ts");
    assert.deepEqual([sources[0]!.startLine, sources[0]!.endLine], [1, 4]);
    assert.equal(sources[0]!.text, SHAPES.trimEnd());
  });

  it("are not passages of a file that may not be read any more, though the index still has it", async () => {
    const folder = await folderOf("/work", { "src/shapes.ts": SHAPES, "src/area.ts": "export const area = 1;\n" });
    const refusal = async (path: string) => (path === "src/shapes.ts" ? "ignored" : undefined);
    const { sources } = await gather([{ ...folder, refusal }], "area?");
    assert.deepEqual(
      sources.map(({ path }) => path),
      ["src/area.ts"],
    );
  });

  it("say it once when a folder's passages cannot be judged, and leave their places to another folder's", async () => {
    const files = Array.from({ length: 40 }, (_, n) => [`${n}.ts`, n < 8 ? `area(${n});\n` : "other();\n"]);
    const unknown = await folderOf("/work/unknown", Object.fromEntries(files));
    const refusal = async () => "unreadable" as const;
    const known = await folderOf("/work/known", { "test/area.ts": "area();\n" });
    const { sources, refusals } = await gather([{ ...unknown, refusal }, known], "area?");
    assert.deepEqual(
      sources.map(({ name }) => name),
      ["known/test/area.ts"],
    );
    assert.deepEqual(refusals, ["Some of unknown was not searched: it cannot be opened."]);
  });

  it("are none when the repository is not wanted", async () => {
    const folder = await folderOf("/work", { "src/shapes.ts": SHAPES });
    assert.deepEqual((await gather([folder], "area?", { useRepository: false })).sources, []);
  });

  it("keep to the room that there is; what has none is told all the same", async () => {
    const long = (name: string) => `export function ${name}Area() {\n${`  area(${name});\n`.repeat(35)}}\n`;
    const names = ["one", "two", "three", "four"];
    const folder = await folderOf("/work", Object.fromEntries(names.map((name) => [`${name}.ts`, long(name)])));
    const { sources } = await gather([folder], "What is the area?");
    const used = sources.reduce((sum, { tokens }) => sum + tokens, 0);
    assert.ok(used > 0 && used <= OWN_ROOM.passages, `${used}`);
    assert.ok(sources.some(({ tokens }) => tokens === 0));
  });

  it("take what is attached before all, once", async () => {
    const folder = await folderOf("/work", { "src/shapes.ts": SHAPES, "src/area.ts": "export const area = 1;\n" });
    const { sources } = await gather([folder], "area?", { attachments: [attachFile("src/shapes.ts")] });
    assert.deepEqual(
      sources.map(({ path }) => path),
      ["src/shapes.ts", "src/area.ts"],
    );
  });

  it("leave the places of what is attached anyway to other passages", async () => {
    const attached = Array.from({ length: 8 }, (_, n) => `area${n}.ts`);
    const files = attached.map((path, n) => [path, `export const of${n} = area(${n});\n`]);
    const folder = await folderOf("/work", { ...Object.fromEntries(files), "test/other.ts": "area();\n" });
    const { sources } = await gather([folder], "area?", { attachments: attached.map((path) => attachFile(path)) });
    assert.deepEqual(
      sources.map(({ path }) => path),
      [...attached, "test/other.ts"],
    );
  });

  it("take of a long file what the question is about", async () => {
    const filler = Array.from({ length: 90 }, (_, n) => `export const filler${n} = "${"x".repeat(20)}";\n\n`).join("");
    const folder = await folderOf("/work", { "long.ts": `${filler}${SHAPES}${filler}` });
    const { sources } = await gather([folder], "area?", { attachments: [attachFile("long.ts")], useRepository: false });
    assert.ok(sources[0]!.text.includes("return width * height"), sources[0]!.text);
    assert.ok(sources.reduce((sum, { tokens }) => sum + tokens, 0) <= OWN_ROOM.attached);
    assert.equal(sources[0]!.startLine, 181);
  });

  it("take of a long file that is open what stands in the editor, with the lines that it has there", async () => {
    const filler = Array.from({ length: 90 }, (_, n) => `export const filler${n} = "${"x".repeat(20)}";\n\n`).join("");
    const folder = await folderOf("/work", { "long.ts": `${filler}${SHAPES}${filler}` });
    const open = `${filler}\r\n\r\n${SHAPES.replace("width * height", "height * width")}${filler}`;
    const change = { attachments: [attachFile("long.ts")], useRepository: false };
    const { sources } = await gather([folder], "area?", change, open);
    assert.ok(sources[0]!.text.includes("return height * width"), sources[0]!.text);
    assert.equal(sources[0]!.startLine, 183);
    assert.ok(!JSON.stringify(sources).includes("width * height"));
  });

  it("take the beginning of a long selection", async () => {
    const text = Array.from({ length: 100 }, (_, n) => `line ${n} ${"x".repeat(30)}`).join("\n");
    const { sources } = await gather([], "?", { attachments: [attachSelection("notes.txt", text)] });
    assert.equal(sources[0]!.startLine, 5);
    assert.equal(sources[0]!.endLine, 5 + sources[0]!.text.split("\n").length - 1);
    assert.ok(text.startsWith(sources[0]!.text) && sources[0]!.tokens <= OWN_ROOM.attached);
  });

  it("say nothing of a selection's line ends, which are the editor's, nor of the line at whose start it ends", async () => {
    const { sources } = await gather([], "?", { attachments: [attachSelection("notes.txt", "one\r\ntwo\r\n")] });
    assert.deepEqual([sources[0]!.text, sources[0]!.startLine, sources[0]!.endLine], ["one\ntwo", 5, 6]);
  });

  it("take what the user shows of a file that is not worth searching: data as a whole, of others what is selected", async () => {
    const table = `name,area\n${"circle,3\n".repeat(600)}`;
    const refused = { "n.csv": "data", "api.gen.ts": "generated" } as const;
    const folder = await folderOf("/work", { "n.csv": table, "api.gen.ts": "y = 2" }, refused);
    const attachments = [
      attachSelection("api.gen.ts", "x = 1", "/work"),
      attachFile("n.csv"),
      attachFile("api.gen.ts"),
    ];
    const { sources, refusals } = await gather([folder], "?", { attachments });
    assert.equal(sources[0]!.text, "x = 1");
    assert.ok(sources.length === 2 && table.startsWith(sources[1]!.text));
    assert.ok(sources.reduce((sum, { tokens }) => sum + tokens, 0) <= OWN_ROOM.attached);
    assert.deepEqual(refusals, [`api.gen.ts was not used: ${REFUSALS.generated}.`]);
    const turns = [
      { role: "user", text: "What is in it?" },
      { role: "model", text: "Circles.", drewOn: [{ folder: "/work", path: "n.csv" }] },
    ] as const;
    assert.deepEqual(await toldTurns(turns, { folders: [folder], refusalElsewhere: async () => undefined }), { turns });
  });

  it("refuse what may not be read, with a sentence", async () => {
    const refused = { ".env": "secret", "out/a.js": "ignored" } as const;
    const folder = await folderOf("/work", { ".env": SECRET, "out/a.js": SECRET, "a.ts": "1" }, refused);
    const attachments = [
      attachFile(".env"),
      attachFile("out/a.js"),
      attachFile("gone.ts"),
      attachFile("a.ts", "/elsewhere"),
      attachFile("out/a.js", "/elsewhere"),
      attachSelection("out/a.js", SECRET, "/work"),
      attachSelection("id_rsa", "harmless"),
      attachSelection("out/a.js", "harmless", "/not read"),
      attachSelection("a.ts", `const token = "${SECRET}";`, "/work"),
    ];
    const { sources, refusals } = await gather([folder], SECRET, { attachments });
    assert.deepEqual(refusals, [
      ".env was not used: its name looks like that of a key, credentials or another secret.",
      "out/a.js was not used: git ignores it.",
      "gone.ts was not used: it is no longer there.",
      "a.ts was not used: its folder is not being read.",
      "out/a.js was not used: git ignores it.",
      "out/a.js was not used: git ignores it.",
      "id_rsa was not used: its name looks like that of a key, credentials or another secret.",
      "out/a.js was not used: git ignores it.",
      "a.ts was not used: it holds a private key or an access token.",
    ]);
    assert.ok(!JSON.stringify(sources).includes(SECRET));
  });

  it("are looked for by the earlier question, too", async () => {
    const folder = await folderOf("/work", { "src/shapes.ts": SHAPES, "src/other.ts": "export const other = 1;\n" });
    const turns = [
      { role: "user", text: "What is area?" },
      { role: "model", text: "A product." },
      { role: "user", text: "And where is it?" },
    ] as const;
    const { sources } = await gather([folder], "", { turns });
    assert.equal(sources[0]?.path, "src/shapes.ts");
  });

  it("name the folder when there are several", async () => {
    const folders = [await folderOf("/work/one", { "a.ts": SHAPES }), await folderOf("/work/two", { "b.ts": "1" })];
    const { sources } = await gather(folders, "area?");
    assert.equal(sources[0]!.name, "one/a.ts");
  });

  it("refuse a file in which a secret has been typed that is not saved yet", async () => {
    const folder = await folderOf("/work", { "a.ts": "const token = load();\n" });
    const change = { attachments: [attachFile("a.ts")], useRepository: false };
    const { sources, refusals } = await gather([folder], "?", change, `const token = "${SECRET}";\n`);
    assert.deepEqual(sources, []);
    assert.deepEqual(refusals, ["a.ts was not used: it holds a private key or an access token."]);
  });
});
