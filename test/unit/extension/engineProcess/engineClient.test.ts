import assert from "node:assert/strict";
import { EngineClient } from "../../../../src/extension/engineProcess/engineClient";
import type { CompleteParams, Failed } from "../../../../src/protocol/engine";
import { FakeEngineLink } from "../../../support/fakeEngineLink";
import { emptyReport, success } from "../../../support/fakeEngineProcess";

const params: CompleteParams = {
  uri: "a",
  version: 1,
  offset: 0,
  trigger: "automatic",
  extent: { multiline: false, maxTokens: 8 },
};

function setUp({ isReady = true } = {}) {
  const link = new FakeEngineLink(isReady);
  const client = new EngineClient(link);
  const busy: boolean[] = [];
  client.onBusy.on((isBusy) => busy.push(isBusy));
  const controller = new AbortController();
  const complete = (asked = params) => client.complete(asked, controller.signal, () => {});
  return { client, link, sent: link.sent, busy, controller, complete };
}

describe("EngineClient", () => {
  it("matches answers to requests, in whatever order they come", async () => {
    const { link, busy, complete } = setUp();
    const { result: first } = complete();
    const { result: second } = complete();
    link.onMessage.fire({ type: "result", of: "complete", id: 2, result: success("two") });
    link.onMessage.fire({ type: "result", of: "complete", id: 1, result: success("one") });
    assert.deepEqual(await first, success("one"));
    assert.deepEqual(await second, success("two"));
    assert.deepEqual(busy, [true, false]);
  });

  it("tells that somebody waits by now for what was asked ahead of time, and counts it as work from then on", async () => {
    const { link, sent, busy, complete } = setUp();
    const [ahead, other] = [1, 2].map((offset) => ({ ...params, offset, isSpeculative: true }));
    const asked = complete(ahead);
    complete(other);
    assert.deepEqual(busy, []);
    asked.hurry();
    asked.hurry(500);
    const hurried = [
      { type: "hurry", id: 1 },
      { type: "hurry", id: 1, answerBy: 500 },
    ];
    assert.deepEqual(sent.slice(2), hurried);
    link.onMessage.fire({ type: "result", of: "complete", id: 1, result: success("one") });
    assert.deepEqual(await asked.result, success("one"));
    assert.deepEqual(busy, [true, false]);
    asked.hurry();
    assert.equal(sent.length, 4);
  });

  it("ends a cancelled request at once, and ignores its late answer", async () => {
    const { link, sent, controller, busy, complete } = setUp();
    const { result: answer } = complete();
    controller.abort();
    assert.equal((await answer).type, "cancelled");
    assert.deepEqual(sent.at(-1), { type: "cancel", id: 1 });
    link.onMessage.fire({ type: "result", of: "complete", id: 1, result: success("late") });
    assert.deepEqual(busy, [true, false]);
  });

  it("does not ask what is cancelled already", async () => {
    const { sent, controller, complete } = setUp();
    controller.abort();
    assert.equal((await complete().result).type, "cancelled");
    assert.deepEqual(sent, []);
  });

  it("does not cancel what has been answered", async () => {
    const { link, sent, controller, complete } = setUp();
    const { result: answer } = complete();
    link.onMessage.fire({ type: "result", of: "complete", id: 1, result: success("one") });
    await answer;
    controller.abort();
    assert.equal(sent.length, 1);
  });

  it("says what to do in the editor where the model is at fault", async () => {
    const { client, link } = setUp();
    const report = client.report();
    const result = { type: "failed", message: "Its files may be damaged.", fault: "suspect" } as const;
    link.onMessage.fire({ type: "result", id: 1, of: "report", result });
    const { message } = (await report) as Failed;
    assert.match(message, /^Its files may be damaged\. Run "Griffin: Check a Model's Files"/);
  });

  it("fails everything that waits when the engine goes", async () => {
    const { client, link, controller, complete } = setUp();
    const { result: completion } = complete();
    const chat = client.chat(
      { turns: [], maxTokens: 1, useRepository: true, attachments: [] },
      { onFindings: () => {}, onContext: () => {}, onText: () => {} },
      controller.signal,
    );
    link.onGone.fire("the engine ended: exit code 1");
    const failed = { type: "failed", message: "the engine ended: exit code 1" };
    assert.deepEqual([await completion, await chat], [failed, failed]);
  });

  it("fails at once when the engine is not ready", async () => {
    const { busy, complete } = setUp({ isReady: false });
    assert.equal((await complete().result).type, "failed");
    assert.deepEqual(busy, []);
  });

  it("streams a chat's text to the one who asked, until it is stopped", async () => {
    const { client, link, controller } = setUp();
    let text = "";
    const answer = client.chat(
      { turns: [{ role: "user", text: "?" }], maxTokens: 9, useRepository: true, attachments: [] },
      {
        onFindings: ({ refusals }) => {
          text += refusals.join();
        },
        onContext: ({ promptTokens }) => {
          text += ` ${promptTokens}: `;
        },
        onText: (piece) => {
          text += piece;
        },
      },
      controller.signal,
    );
    const base = { choice: "empty", reason: "" } as const;
    const context = { earlierTurns: 0, promptTokens: 9, base };
    link.onMessage.fire({ type: "chatFindings", id: 1, findings: { sources: [], refusals: ["Refused."] } });
    link.onMessage.fire({ type: "chatContext", id: 1, context });
    link.onMessage.fire({ type: "chatText", id: 1, text: "Hel" });
    link.onMessage.fire({ type: "chatText", id: 1, text: "lo" });
    link.onMessage.fire({ type: "chatText", id: 7, text: "somebody else's" });
    controller.abort();
    link.onMessage.fire({ type: "chatText", id: 1, text: " there" });
    assert.equal((await answer).type, "cancelled");
    assert.equal(text, "Refused. 9: Hello");
  });

  it("asks for messages and citations without making the engine busy", async () => {
    const { client, link, sent, busy, controller } = setUp();
    const question = { turns: [{ role: "user", text: "?" }], useRepository: true, attachments: [] } as const;
    const messages = client.chatMessages(question, controller.signal);
    const citations = client.checkCitations("See a.ts:1.");
    assert.deepEqual(sent, [
      { type: "chatMessages", id: 1, question },
      { type: "checkCitations", id: 2, answer: "See a.ts:1." },
    ]);
    const grounds = { sources: [], refusals: [], earlierTurns: 0, promptTokens: 1 };
    const result = { type: "success", messages: [{ role: "user", content: "?" }], grounds } as const;
    link.onMessage.fire({ type: "result", of: "checkCitations", id: 2, result: { type: "success", citations: [] } });
    link.onMessage.fire({ type: "result", of: "chatMessages", id: 1, result });
    assert.deepEqual([await messages, await citations], [result, { type: "success", citations: [] }]);
    assert.deepEqual(busy, []);
  });

  it("asks for a report and clears states without making the engine busy", async () => {
    const { client, link, sent, busy, complete } = setUp();
    const report = client.report();
    const cleared = client.clearStates(["/work"]);
    assert.deepEqual(sent, [
      { type: "report", id: 1 },
      { type: "clearStates", id: 2, folders: ["/work"] },
    ]);
    assert.deepEqual(busy, []);
    const { result: completion } = complete();
    assert.deepEqual(busy, [true]);
    link.onMessage.fire({ type: "result", of: "complete", id: 3, result: success("x") });
    await completion;
    assert.deepEqual(busy, [true, false], "though a report is awaited");
    link.onMessage.fire({ type: "result", of: "clearStates", id: 2, result: { type: "success", bytes: 12 } });
    const reported = { type: "success", report: emptyReport } as const;
    link.onMessage.fire({ type: "result", of: "report", id: 1, result: reported });
    assert.deepEqual(await report, reported);
    assert.deepEqual(await cleared, { type: "success", bytes: 12 });
    assert.deepEqual(busy, [true, false]);
  });
});
