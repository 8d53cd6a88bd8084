import assert from "node:assert/strict";
import { applyMessage, initialState, noticeFor } from "../../../src/webview/pageState";

const asked = applyMessage(initialState, {
  type: "state",
  availability: { type: "ready", modelName: "Small", instructionTuned: false },
  turns: [
    { role: "user", text: "Why?" },
    { role: "model", text: "" },
  ],
  answering: true,
});

describe("page state", () => {
  it("adds text to the answer under way", () => {
    const state = ["Be", "cause."].reduce((before, text) => applyMessage(before, { type: "text", text }), asked);
    assert.equal(state.turns.at(-1)!.text, "Because.");
    assert.equal(asked.turns.at(-1)!.text, "", "and leaves earlier states alone");
  });

  it("ignores text that it has no answer for", () => {
    const unanswered = { ...asked, turns: asked.turns.slice(0, 1) };
    for (const state of [initialState, unanswered]) {
      assert.equal(applyMessage(state, { type: "text", text: "x" }), state);
    }
  });

  it("ends an answer, with a reason if there is one", () => {
    assert.deepEqual(applyMessage(asked, { type: "done", note: "Stopped." }).note, "Stopped.");
    assert.equal(applyMessage(asked, { type: "done" }).answering, false);
  });

  it("forgets an old note when it is told the whole state", () => {
    const noted = applyMessage(asked, { type: "done", note: "Stopped." });
    const { availability, turns } = noted;
    assert.equal(applyMessage(noted, { type: "state", availability, turns, answering: false }).note, undefined);
  });

  it("says plainly what a model that was not trained to answer is", () => {
    assert.match(noticeFor(asked.availability)!, /^Small completes text; it was not trained to answer/);
    assert.equal(noticeFor({ type: "ready", modelName: "Big", instructionTuned: true }), undefined);
    assert.equal(noticeFor({ type: "unavailable", message: "No model." }), "No model.");
  });
});
