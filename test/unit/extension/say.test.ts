import "../../support/fakeVscode"; // Before what imports `vscode`.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ask, offer, say } from "../../../src/extension/say";
import { FakeWindow } from "../../support/fakeVscode";

/** What VS Code makes a link of in a message. */
const LINK = /\[[^\]]+\]\((?:https?:\/\/|command:|file:)[^)\s]+/;

describe("what the user is told", () => {
  it("begins with a capital, unless with a name of the user's", () => {
    const files = readdirSync("src/extension", { recursive: true, encoding: "utf8" }).filter((name) =>
      name.endsWith(".ts"),
    );
    const said = files.flatMap((name) => {
      const source = readFileSync(join("src/extension", name), "utf8");
      return (
        source.match(/\b(?:(?:say|sayInPassing|sayMeanwhile|offer)\(\s*|loss = )["'`][^\n]*|`Griffin: [^\n]*/g) ?? []
      );
    });
    assert.ok(said.length > 30);
    assert.deepEqual(
      said.filter((call) => /^(?:\w+(?:\(\s*| = )["'`]|`Griffin: )[a-z]/.test(call)),
      [],
    );
  });

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
