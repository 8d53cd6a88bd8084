import assert from "node:assert/strict";
import type { DocumentScope } from "../../../../src/extension/completion/documentScope";
import type { ReadingSummary } from "../../../../src/extension/repository/readingSummary";
import {
  EXPLAIN_COMMAND,
  EXPLAIN_FAILURE_COMMAND,
  type MenuFacts,
  menuGroups,
} from "../../../../src/extension/status/menu";
import { fakeSummary } from "../../../support/fakeEngineProcess";
import { declaredCommands } from "../../../support/manifest";

const python = { id: "python", name: "Python", isOn: true };
const usual: MenuFacts = {
  engine: { type: "ready", model: fakeSummary },
  scope: { type: "on" },
  ...{ isTrusted: true, failure: undefined, reading: undefined, refusal: undefined },
  languages: { language: python, areAllOn: true },
  ...{ isSnoozed: false, readsRepository: true, isReadingPaused: false },
};

function commandsIn(facts: Partial<MenuFacts> = {}): string[] {
  return menuGroups({ ...usual, ...facts }).flatMap((group) => group.map(({ command }) => command));
}

function labelsIn(facts: Partial<MenuFacts>): string[] {
  return menuGroups({ ...usual, ...facts }).flatMap((group) => group.map(({ label }) => label));
}

describe("the menu", () => {
  it("begins with what has failed, all of it, and what can be done", () => {
    const [group] = menuGroups({ ...usual, engine: { type: "failed", message: "No model. Do this." } });
    assert.equal(group![0]!.detail, "No model. Do this.");
    assert.deepEqual(
      group!.map(({ command }) => command),
      [EXPLAIN_FAILURE_COMMAND, "griffin.restartEngine", "griffin.showLog"],
    );
  });

  it("begins with why no completions come, and what can be done about it, which is not offered again below", () => {
    const check = (scope: Partial<Exclude<DocumentScope, { type: "on" }>>, ...labels: string[]) => {
      const facts = { languages: { language: { ...python, isOn: false }, areAllOn: true } };
      const whole = { type: "off", reason: "Because of `this`.", remedies: [], ...scope } as const;
      const [group, ...others] = menuGroups({ ...usual, ...facts, scope: whole });
      assert.deepEqual(
        group!.map(({ label }) => label),
        labels,
      );
      assert.deepEqual([group![0]!.detail, group![0]!.argument], ["Because of this.", "Because of this."]);
      for (const { label } of others.flat()) assert.ok(!labels.includes(label), label);
    };
    check({}, "$(circle-slash) No completions here");
    check(
      { remedies: ["turnOn", { setting: "griffin.enable" }] },
      "$(circle-slash) No completions here",
      "$(check) Turn completions on for Python",
      "$(gear) Settings: griffin.enable",
    );
    check(
      { type: "asked", remedies: ["complete"] },
      "$(info) Completions only when you ask",
      "$(sparkle) Complete here",
    );
  });

  it("says why the last completion failed, and what can be done, where completions come and the engine goes on", () => {
    const failed = ["$(warning) The last completion failed", "$(debug-restart) Restart engine", "$(output) Show log"];
    const check = (facts: Partial<MenuFacts>, ...labels: readonly string[]) => {
      const groups = menuGroups({ ...usual, failure: "A run of the model has `failed`.", ...facts });
      const first = groups[0]!.slice(0, labels.length);
      assert.deepEqual(
        first.map(({ label }) => label),
        labels,
      );
      const all = groups.flat();
      assert.equal(new Set(all.map(({ label }) => label)).size, all.length);
      return first[0]!.detail;
    };
    assert.equal(check({}, ...failed), "A run of the model has failed.");
    check({ scope: { type: "snoozed", reason: "", remedies: [] } }, ...failed, "$(bell-slash) Completions are snoozed");
    check({ scope: { type: "off", reason: "", remedies: [] } }, "$(circle-slash) No completions here");
    check({ engine: { type: "failed", message: "" } }, "$(error) The engine has failed");
  });

  it("says why the repository is not read, and leads to the trust that it may need", () => {
    const refusal = "In Restricted Mode only open documents are read.";
    const [group] = menuGroups({ ...usual, refusal, isTrusted: false });
    assert.deepEqual(
      group!.map(({ label, detail, command }) => [label, detail, command]),
      [
        ["$(info) The repository is not read", refusal, EXPLAIN_COMMAND],
        ["$(shield) Manage trust", undefined, "workbench.trust.manage"],
      ],
    );
    assert.equal(menuGroups({ ...usual, refusal })[0]!.length, 1);
  });

  it("says why reading is paused, or has failed, and what can be done", () => {
    const check = (phase: ReadingSummary["phase"], facts: Partial<MenuFacts>, ...labels: readonly string[]) => {
      const reading = { phase, messages: ["The disk is `full`."], filesRead: 3, filesTotal: 9, tokens: 99 };
      const [group, ...others] = menuGroups({ ...usual, ...facts, reading });
      assert.deepEqual(
        group!.map(({ label }) => label),
        labels,
      );
      for (const { label } of others.flat()) assert.ok(!labels.includes(label), label);
      return group![0]!.detail;
    };
    const failed = "$(warning) Not all of the repository could be read";
    const log = "$(output) Show log";
    assert.equal(check("failed", {}, failed, log), "The disk is full.");
    const restart = "$(debug-restart) Restart engine";
    check("failed", { failure: "" }, "$(warning) The last completion failed", restart, log, failed);
    const paused = "$(debug-pause) Reading the repository is paused";
    check("paused", { isReadingPaused: true }, paused, "$(debug-continue) Resume reading the repository");
    check("paused", { isReadingPaused: false }, paused);
  });

  it("offers nothing twice, and only commands that there are", () => {
    for (const engine of [usual.engine, { type: "failed", message: "" }, { type: "starting" }] as const) {
      const commands = commandsIn({ engine });
      assert.equal(new Set(commands).size, commands.length);
      for (const command of commands)
        assert.ok(declaredCommands.has(command) || command === EXPLAIN_FAILURE_COMMAND, command);
    }
  });

  it("turns completions off and on for the language in front and for all", () => {
    const labels = labelsIn({ languages: { language: python, areAllOn: false } });
    assert.ok(labels.includes("$(circle-slash) Turn completions off for Python"));
    assert.ok(labels.includes("$(check) Turn completions on for all languages"));
  });

  it("has nothing for a place where there is none", () => {
    const commands = commandsIn({ languages: { areAllOn: true } });
    for (const command of ["griffin.complete", "griffin.toggleLanguage"])
      assert.ok(!commands.includes(command), command);
    assert.ok(commands.includes("griffin.toggleAllLanguages"));
  });

  it("offers what there is to do", () => {
    const check = (facts: Partial<MenuFacts>, command: string, other: string) => {
      assert.ok(commandsIn(facts).includes(command), command);
      assert.ok(!commandsIn(facts).includes(other), other);
    };
    check({}, "griffin.pauseReading", "griffin.resumeReading");
    check({ isReadingPaused: true }, "griffin.resumeReading", "griffin.pauseReading");
    check({ readsRepository: false }, "griffin.showContext", "griffin.pauseReading");
    check({}, "griffin.snooze", "griffin.endSnooze");
    check({ isSnoozed: true }, "griffin.endSnooze", "griffin.snooze");
    check({ engine: { type: "stopped", why: "unloaded" } }, "griffin.restartEngine", "griffin.unloadModel");
  });
});
