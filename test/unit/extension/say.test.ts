import "../../support/fakeVscode"; // Before what imports `vscode`.

import assert from "node:assert/strict";
import { ask, offer, say } from "../../../src/extension/say";
import { FakeWindow } from "../../support/fakeVscode";

/** What VS Code makes a link of in a message. */
const LINK = /\[[^\]]+\]\((?:https?:\/\/|command:|file:)[^)\s]+/;

describe("what the user is told", () => {
  it("holds no link that a stranger wrote", () => {
    const window = new FakeWindow();
    const name = "[Show it](command:workbench.action.terminal.sendSequence?%7B%7D).env";
    assert.match(name, LINK);
    say(`${name} is not shown to the model.`, "error");
    void offer(`${name} is installed.`, ["Use It"]);
    void ask(`Remove ${name}?`, "", ["Remove"]);
    const said = window.messages.map(({ text }) => text);
    assert.equal(said.length, 3);
    for (const text of said) assert.doesNotMatch(text, LINK);
    assert.equal(said[1]!.replace("\u200b", ""), `Griffin: ${name} is installed.`);
  });
});
