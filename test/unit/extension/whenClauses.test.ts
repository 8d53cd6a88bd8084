// What package.json asks in its `when` clauses, and who answers.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { manifest } from "../../support/manifest";

interface Entry {
  readonly command?: string;
  readonly when?: string;
  readonly enablement?: string;
  readonly contents?: string;
}

const { commands, keybindings, menus, viewsWelcome } = manifest.contributes as {
  readonly commands: readonly Entry[];
  readonly keybindings: readonly (Entry & { readonly key: string; readonly mac: string; readonly args?: string })[];
  readonly menus: Readonly<Record<string, readonly Entry[]>>;
  readonly viewsWelcome: readonly Entry[];
};
const TELLERS = ["src/extension/status/contextKeys.ts", "src/extension/recording/recordTyping.ts"];

describe("when clauses", () => {
  const entries = [...commands, ...Object.values(menus).flat(), ...viewsWelcome];

  it("ask for nothing that nobody tells", () => {
    const told = TELLERS.flatMap((file) => readFileSync(file, "utf8").match(/(?<=")griffin\.\w+(?=")/g) ?? []);
    const asked = entries
      .flatMap(({ when = "", enablement = "" }) => `${when} ${enablement}`.match(/griffin\.\w+/g) ?? [])
      .filter((key) => key !== "griffin.context" && key !== "griffin.chat");
    assert.ok(asked.length > 0);
    for (const key of asked) assert.ok(told.includes(key), key);
  });

  it("show one of pause and resume, and each in every place", () => {
    for (const place of ["commandPalette", "view/title"]) {
      const whenOf = (name: string) => menus[place]!.find(({ command }) => command === name)?.when ?? "";
      assert.notEqual(whenOf("griffin.pauseReading"), "", place);
      assert.equal(
        whenOf("griffin.pauseReading"),
        whenOf("griffin.resumeReading").replace(/griffin\.is/, "!$&"),
        place,
      );
      assert.match(whenOf("griffin.pauseReading"), /griffin\.readsRepository/, "only where it is read");
    }
  });

  it("say of each state of the engine what it is, where the view of what the model saw is empty", () => {
    const states = viewsWelcome.flatMap(({ when }) => /^griffin\.engineStatus == (\w+)$/.exec(when ?? "")?.[1] ?? []);
    assert.deepEqual(states, ["stopped", "starting", "failed"]);
    const links = viewsWelcome.flatMap(({ contents = "" }) => contents.match(/(?<=command:)[\w.]+/g) ?? []);
    for (const link of links)
      assert.ok(
        commands.some(({ command }) => command === link),
        link,
      );
  });

  it("keep keys to where their commands have something to do, and type no character of a Mac's keyboard", () => {
    const enablementOf = (name: string) => commands.find(({ command }) => command === name)?.enablement;
    const schemeOf = (name: string) => menus["editor/title"]!.find(({ command }) => command === name)?.when;
    for (const { command, mac, when = "" } of keybindings) {
      assert.ok(
        commands.some((other) => other.command === command),
        command,
      );
      assert.ok(when.startsWith("editorTextFocus && "), command);
      assert.match(mac, /^(?:cmd|ctrl)\+/);
      if (command === "griffin.complete") assert.ok(when.includes(enablementOf(command)!), command);
      else
        assert.ok(when.endsWith(`|| isInDiffEditor && !inputFocus && ${schemeOf(command!)}`), "also in what F7 opens");
    }
    assert.equal(keybindings.length, 4);
  });

  it("have the key for a completion say where it is pressed in a snippet: of the rules that apply, VS Code takes the last", () => {
    const [anywhere, inSnippet] = keybindings.filter(({ command }) => command === "griffin.complete");
    assert.equal(anywhere!.args, undefined);
    assert.deepEqual([inSnippet!.key, inSnippet!.mac], [anywhere!.key, anywhere!.mac]);
    assert.ok(inSnippet!.when!.startsWith(`${anywhere!.when} && inSnippetMode`));
    assert.equal(inSnippet!.args, "inSnippet");
  });

  it("know that a remote window has another scheme for its files", () => {
    const asked = entries.filter(({ when = "" }) => /resourceScheme == file\b/.test(when));
    assert.deepEqual(asked, []);
    for (const place of ["explorer/context", "editor/title/context"]) {
      const { when = "" } = menus[place]!.find(({ command }) => command === "griffin.addFileToChat")!;
      const schemes = new RegExp(/resourceScheme =~ \/(.+?)\//.exec(when)![1]!);
      for (const scheme of ["file", "vscode-remote"]) assert.match(scheme, schemes, place);
      assert.doesNotMatch("griffin-proposed", schemes, place);
    }
  });

  it("do not hide the command for a selection: VS Code's own key knows nothing of a notebook's cells and of logs", () => {
    assert.ok(!menus.commandPalette!.some(({ command }) => command === "griffin.addSelectionToChat"));
  });
});
