import assert from "node:assert/strict";
import type { AnswerEntry, ChatEntry } from "../../../src/protocol/webview";
import { openChatPage } from "../../support/chatPage";

const question: ChatEntry = { role: "user", text: "Why?", attached: [] };
const empty: AnswerEntry = {
  ...{ role: "model", text: "", isContinuation: false, sources: [], citations: [], refusals: [] },
};

describe("an answer on the chat's page", () => {
  it("has tools for its code that are called by the words that are seen", () => {
    const { show, byClass, sent } = openChatPage();
    show({ entries: [question, { ...empty, text: "```ts\nreturn 6;\n```" }] });
    sent();
    const tools = byClass("tool");
    for (const tool of tools) {
      assert.ok(tool.getAttribute("aria-label")!.startsWith(tool.textContent), tool.textContent);
      tool.dispatch("click");
    }
    assert.deepEqual(
      sent(),
      ["copyCode", "insertCode", "applyCode"].map((type) => ({ type, code: "return 6;" })),
    );
  });
});
