import assert from "node:assert/strict";
import type { AnswerEntry, ChatEntry } from "../../../src/protocol/webview";
import { answererFor, applyMessage, hindranceFor, initialState, noticeFor } from "../../../src/webview/pageState";
import { answerOf } from "../../support/chatEntries";

const empty = answerOf({ isContinuation: true });
const entries: readonly ChatEntry[] = [{ role: "user", text: "Why?", attached: [] }, empty];
const { chips } = initialState;
const availability = { type: "ready", modelName: "Small", instructionTuned: false } as const;
const asked = applyMessage(initialState, { type: "state", availability, entries, answering: true, chips });

describe("page state", () => {
  it("adds text to the answer under way", () => {
    const state = ["Be", "cause."].reduce((before, text) => applyMessage(before, { type: "text", text }), asked);
    assert.equal((state.entries.at(-1) as AnswerEntry).text, "Because.");
    assert.equal((asked.entries.at(-1) as AnswerEntry).text, "", "and leaves earlier states alone");
  });

  it("ignores text and answers that it has no question for", () => {
    const unanswered = { ...asked, entries: asked.entries.slice(0, 1) };
    for (const state of [initialState, unanswered]) {
      assert.equal(applyMessage(state, { type: "text", text: "x" }), state);
      assert.equal(applyMessage(state, { type: "answer", entry: empty, answering: false }), state);
    }
  });

  it("takes what becomes known of the answer, and its end", () => {
    const entry = { ...empty, text: "Because.", note: "Stopped." };
    const going = applyMessage(asked, { type: "answer", entry, answering: true });
    assert.deepEqual([going.entries.at(-1), going.answering], [entry, true]);
    assert.equal(applyMessage(going, { type: "answer", entry, answering: false }).answering, false);
  });

  it("is what the host says when it says everything", () => {
    const noted = applyMessage(asked, { type: "answer", entry: { ...empty, note: "Stopped." }, answering: false });
    assert.deepEqual(applyMessage(noted, { type: "state", availability, entries, answering: true, chips }), asked);
  });

  it("keeps the newest list of files", () => {
    const files = [{ folder: "/work", path: "a.ts", name: "a.ts" }];
    assert.deepEqual(applyMessage(asked, { type: "files", query: "a", files }).files, { query: "a", found: files });
  });

  it("says plainly where questions go", () => {
    const away = { type: "endpoint", name: "vllm.example:8000", isOnThisMachine: false } as const;
    assert.match(
      noticeFor(away, true)!,
      /^Answers come from vllm\.example:8000\..* leave this machine and are sent there\.$/,
    );
    assert.equal(answererFor(away), "Sent to vllm.example:8000 · Change");
    const near = { type: "endpoint", name: "localhost:8000", isOnThisMachine: true } as const;
    assert.match(noticeFor(near, true)!, /another program on this machine, localhost:8000\..* are sent to it\.$/);
    assert.equal(answererFor(near), "Sent to localhost:8000 · Change");
    const remote = { ...near, name: "localhost:8000 on buildbox", machine: "buildbox" };
    assert.match(
      noticeFor(remote, true)!,
      /^Answers come from another program, localhost:8000 on buildbox\. .* sent to it\.$/,
    );
    assert.equal(answererFor(asked.availability), "Small, on this machine");
    assert.equal(answererFor({ ...availability, machine: "buildbox" }), "Small, on buildbox");
  });

  it("says where a question goes also while it waits for the model", () => {
    const endpoint = { name: "vllm.example:8000", isOnThisMachine: false };
    const starting = { type: "starting", endpoint } as const;
    assert.equal(noticeFor(starting, true), noticeFor({ type: "endpoint", ...endpoint }, true));
    assert.match(noticeFor(starting, true)!, /leave this machine/);
    assert.equal(answererFor(starting), "Sent to vllm.example:8000 · Change");
    assert.match(hindranceFor(starting)!, /^The model is being loaded\./);
    assert.equal(answererFor({ type: "starting" }), undefined);
  });

  it("says plainly what a model that was not trained to answer is", () => {
    assert.match(
      noticeFor(asked.availability, true)!,
      /^Small completes text; it was not trained to answer.* places .* come first/,
    );
    assert.match(
      noticeFor(asked.availability, false)!,
      /^Small completes text; it was not trained to answer.* no places are found/,
    );
    assert.equal(noticeFor({ type: "ready", modelName: "Big", instructionTuned: true }, true), undefined);
  });

  it("says once why nothing can be asked now, beside the question", () => {
    const failed = { type: "unavailable", message: "No model.", remedies: [] } as const;
    assert.deepEqual([hindranceFor(failed), noticeFor(failed, true)], ["No model.", undefined]);
    const starting = { type: "starting" } as const;
    assert.match(hindranceFor(starting)!, /^The model is being loaded\./);
    assert.equal(noticeFor(starting, true), undefined);
  });
});
