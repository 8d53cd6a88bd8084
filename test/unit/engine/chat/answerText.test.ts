import assert from "node:assert/strict";
import { AnswerText } from "../../../../src/engine/chat/answerText";

function stream(stopTexts: readonly string[], pieces: readonly string[]) {
  const shown: string[] = [];
  const answer = new AnswerText(stopTexts, (text) => shown.push(text));
  const stopped = pieces.some((piece) => answer.push(piece));
  answer.end();
  return { shown, stopped };
}

describe("AnswerText", () => {
  it("passes pieces on as they come, without the space in front", () => {
    assert.deepEqual(stream([], [" ", " Yes", ", it", " is."]), { shown: ["Yes", ", it", " is."], stopped: false });
  });

  it("stops before a stop text that comes in pieces and shows none of it", () => {
    const { shown, stopped } = stream(["\nQuestion:"], ["Yes.", "\n", "Quest", "ion", ": why?"]);
    assert.deepEqual({ text: shown.join(""), stopped }, { text: "Yes.", stopped: true });
  });

  it("gives back what only looked like a stop text", () => {
    const { shown, stopped } = stream(["\nQuestion:"], ["Yes.\nQuest", "s are fun."]);
    assert.deepEqual({ text: shown.join(""), stopped }, { text: "Yes.\nQuests are fun.", stopped: false });
  });

  it("gives back a held end when the answer ends there", () => {
    assert.equal(stream(["\nQuestion:"], ["Yes.\nQuest"]).shown.join(""), "Yes.\nQuest");
  });
});
