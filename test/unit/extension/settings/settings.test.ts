// What package.json promises of the settings: who may set what leads out of this machine, or to another model.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { manifest, declaredSettings as settings } from "../../../support/manifest";

const { contributes, capabilities } = manifest;
const commands: readonly { readonly command: string; readonly category: string; readonly title: string }[] =
  contributes.commands;
const restricted: readonly string[] = capabilities.untrustedWorkspaces.restrictedConfigurations;

describe("settings", () => {
  for (const name of ["griffin.model.path", "griffin.chat.endpoint", "griffin.chat.endpointModel"]) {
    it(`that choose who answers are not an untrusted workspace's, and name nobody by themselves (${name})`, () => {
      assert.equal(settings[name]?.scope, "machine-overridable", name);
      assert.equal(settings[name]?.default, "", name);
      assert.ok(restricted.includes(name), name);
    });
  }

  it("that say how much of the processor is taken are not an untrusted workspace's", () => {
    assert.ok(restricted.includes("griffin.engine.threads"));
  });

  for (const [name, { scope }] of Object.entries(settings).filter(
    ([, { type, enum: choices }]) => type === "string" && !choices,
  )) {
    it(`that may name a path or an address are not an untrusted workspace's (${name})`, () => {
      assert.ok(scope === "machine" || (scope === "machine-overridable" && restricted.includes(name)), scope);
    });
  }

  it("that restrict a workspace exist", () => {
    for (const name of restricted) assert.ok(name in settings, name);
  });

  it("that VS Code offers for a folder alone, and that hold for the whole window, say so", () => {
    for (const [name, { scope, markdownDescription }] of Object.entries(settings)) {
      if (scope !== "machine-overridable") continue;
      assert.ok(
        markdownDescription.includes("In a workspace of several folders, what one of them sets is not used."),
        name,
      );
    }
  });

  it("that lead to a server are among those that use online services", () => {
    const online = Object.entries(settings).filter(([, { tags }]) => tags?.includes("usesOnlineServices"));
    assert.deepEqual(
      online.map(([name]) => name),
      ["griffin.chat.endpoint", "griffin.models.endpoint"],
    );
  });

  it("of what suits a machine do not go along to another one", () => {
    for (const name of ["repository.maxTokens", "repository.diskMegabytes", "engine.threads", "model.path"]) {
      assert.match(settings[`griffin.${name}`]!.scope, /^machine/, name);
    }
  });

  it("of how completions come can be set for a language", () => {
    assert.equal(settings["griffin.completion.trigger"]?.scope, "language-overridable");
  });

  it("name other settings and commands as links, to such as exist", () => {
    const titles = new Map(commands.map(({ command, category, title }) => [command, `${category}: ${title}`]));
    for (const { markdownDescription: text } of Object.values(settings)) {
      for (const [, words, command] of text.matchAll(/\[([^\]]+)\]\(command:([^)]+)\)/g)) {
        assert.equal(words, titles.get(command!), command);
      }
      for (const [, name] of text.matchAll(/`#([\w.]+)#`/g)) assert.ok(name! in settings, name);
      assert.doesNotMatch(text, /"Griffin: |`griffin\./);
    }
  });

  it("are all read, and all that is read is there", () => {
    const read = [
      ...readFileSync("src/extension/settings/config.ts", "utf8").matchAll(/(?:read|inspect<.*>)\("([\w.]+)"/g),
    ];
    assert.deepEqual(new Set(read.map(([, name]) => `griffin.${name}`)), new Set(Object.keys(settings)));
  });
});
