// What a chat endpoint is sent: gathered and refused as for the engine's own model.

import assert from "node:assert/strict";
import { chatMessages } from "../../../../src/engine/chat/chatMessages";
import type { ReadableFolder } from "../../../../src/engine/repository/readableFolder";
import type { ChatQuestion, ChatTurn } from "../../../../src/protocol/engine";
import { folderOf } from "./support/folders";

const SHAPES = "export function area(width: number, height: number) {\n  return width * height;\n}";
const SECRET = "ghp_8Vbn3KqLx2TzYw9RcDf4GhJm6PsAeUoI1XtQ";

async function messagesFor(folders: readonly ReadableFolder[], turns: readonly ChatTurn[], change = {}) {
  const asked: ChatQuestion = { turns, useRepository: true, attachments: [], ...change };
  const countTokens = async (text: string): Promise<number> => text.length;
  const result = await chatMessages(asked, {
    folders,
    openText: () => undefined,
    refusalElsewhere: async () => undefined,
    countTokens,
  });
  assert(result.type === "success");
  return result;
}

const user = (text: string): ChatTurn => ({ role: "user", text });
const model = (text: string, path?: string): ChatTurn => ({
  ...{ role: "model", text },
  ...(path && { drewOn: [{ folder: "/work", path }] }),
});

describe("messages for a chat endpoint", () => {
  it("hold the code before the question, with its lines, and what to do with it", async () => {
    const folder = await folderOf("/work", { "src/shapes.ts": SHAPES, "src/other.ts": "export const other = 1;\n" });
    const { messages, grounds } = await messagesFor([folder], [user(" How is the area computed? ")]);
    const code = `Code in src/shapes.ts:1-3\n\`\`\`\n${SHAPES}\n\`\`\`\n\n`;
    const request = "Answer from this code, and name the places that you speak of as path:line.\n\n";
    assert.deepEqual(messages, [{ role: "user", content: `${code}${request}How is the area computed?` }]);
    assert.equal(grounds.sources[0]!.path, "src/shapes.ts");
    assert.equal(grounds.promptTokens, messages[0]!.content.length);
  });

  it("are the question alone when there is nothing to draw on", async () => {
    const { messages } = await messagesFor([], [user("Why?")]);
    assert.deepEqual(messages, [{ role: "user", content: "Why?" }]);
  });

  it("alternate, end with the user's, and keep the newest of a long conversation", async () => {
    const long = Array.from({ length: 9 }, (_, n) => [user(`q${n} ${"x".repeat(300)}`), model(`a${n}`)]).flat();
    const { messages, grounds } = await messagesFor([], [...long, user("last")]);
    assert.equal(grounds.earlierTurns, messages.length - 1);
    assert.ok(messages.length > 3 && messages.length < 19, `${messages.length}`);
    for (const [index, { role }] of messages.entries()) assert.equal(role, index % 2 === 0 ? "user" : "assistant");
    assert.equal(messages.at(-1)!.content, "last");
    assert.equal(messages.at(-2)!.content, "a8");
  });

  it("hold nothing of what may not be read: not attached, not found, not from earlier answers", async () => {
    const files = { ".env": `TOKEN=${SECRET}`, "out/gen.ts": `export const area = "${SECRET}";`, "a.ts": SHAPES };
    const folder = await folderOf("/work", files, { ".env": "secret", "out/gen.ts": "ignored" });
    const { messages, grounds } = await messagesFor(
      [folder],
      [user("What is in .env?"), model(`It is ${SECRET}.`, ".env"), user("And the area?")],
      {
        attachments: [
          { type: "file", folder: "/work", path: ".env" },
          { type: "file", folder: "/work", path: "out/gen.ts" },
          { type: "selection", path: "x.ts", startLine: 1, endLine: 1, text: SECRET },
        ],
      },
    );
    assert.ok(!JSON.stringify(messages).includes(SECRET));
    assert.ok(!JSON.stringify(messages).includes(".env"), "nor the question about it");
    assert.match(messages.at(-1)!.content, /^Code in a\.ts:1-3/);
    assert.equal(grounds.refusals.length, 3);
  });

  it("have room for more than the engine's own model is given", async () => {
    const text = Array.from({ length: 40 }, (_, n) => `const area${n} = ${n} + ${"1".repeat(20)};`).join("\n");
    const folder = await folderOf("/work", { "a.ts": text });
    const attachments = [{ type: "file", folder: "/work", path: "a.ts" }];
    const { messages } = await messagesFor([folder], [user("area?")], { attachments, useRepository: false });
    assert.ok(text.length > 1024 && messages[0]!.content.includes(text));
  });
});
