import assert from "node:assert/strict";
import MarkdownIt from "markdown-it";
import type { DocumentScope } from "../../../../src/extension/completion/documentScope";
import type { EngineStatus } from "../../../../src/extension/engineProcess/engineSupervisor";
import type { ReadingSummary } from "../../../../src/extension/repository/readingSummary";
import { LINKED_COMMANDS } from "../../../../src/extension/status/links";
import { describeStatus, type StatusFacts } from "../../../../src/extension/status/status";
import { fakeSummary } from "../../../support/fakeEngineProcess";
import { declaredCommands } from "../../../support/manifest";

const ready: EngineStatus = { type: "ready", model: fakeSummary };
const on: DocumentScope = { type: "on" };
const off: DocumentScope = {
  ...{ type: "off", reason: "Completions are off for `plaintext`." },
  remedies: ["turnOn", { setting: "griffin.enable" }],
};
const asked: DocumentScope = {
  type: "asked",
  reason: "Only when you ask.",
  remedies: ["complete", { setting: "editor.inlineSuggest.enabled" }],
};
const snoozed: DocumentScope = { type: "snoozed", reason: "Until 14:32 only when you ask.", remedies: ["endSnooze"] };

function statusOf(engine: EngineStatus, rest: Partial<StatusFacts> = {}) {
  const unknown = { failure: undefined, reading: undefined, refusal: undefined, memoryBytes: undefined };
  const usual = { isWorking: false, isCopilotOn: false, isReadingPaused: false, isTrusted: true, ...unknown };
  return describeStatus({ engine, scope: on, ...usual, ...rest });
}

describe("status", () => {
  it("is one short text with an icon", () => {
    const check = (
      engine: EngineStatus,
      isWorking: boolean,
      scope: DocumentScope,
      icon: string,
      label: string,
    ): void => {
      const view = statusOf(engine, { isWorking, scope });
      assert.equal(view.text, `${icon} Griffin`);
      assert.equal(view.label, `Griffin Code: ${label}`);
    };
    check({ type: "stopped", why: "notNeeded" }, false, on, "$(sparkle)", "idle");
    check({ type: "stopped", why: "resting" }, false, on, "$(sparkle)", "idle");
    check({ type: "stopped", why: "unloaded" }, false, on, "$(circle-outline)", "unloaded");
    check({ type: "starting" }, false, on, "$(loading~spin)", "starting");
    check(ready, false, on, "$(sparkle)", "ready");
    check(ready, true, on, "$(loading~spin)", "working");
    check(ready, true, off, "$(circle-slash)", "off. Completions are off for plaintext.");
    check(ready, false, asked, "$(sparkle)", "on request. Only when you ask.");
    check(ready, true, asked, "$(loading~spin)", "working. Only when you ask.");
    check(ready, false, snoozed, "$(bell-slash)", "snoozed. Until 14:32 only when you ask.");
    check({ type: "failed", message: "There is no model." }, false, off, "$(error)", "failed. There is no model.");
  });

  it("says what a model takes that is loaded, whatever it does", () => {
    const line = "\n\nThe engine takes 570 MB of memory.";
    for (const scope of [on, off, snoozed])
      assert.ok(statusOf(ready, { scope, memoryBytes: 570e6 }).tooltip.includes(line), scope.type);
    assert.ok(!statusOf({ type: "starting" }).tooltip.includes("memory"));
  });

  it("says that a model is not loaded, and that it will not be for a file without completions", () => {
    const stopped: EngineStatus = { type: "stopped", why: "notNeeded" };
    assert.match(statusOf(stopped, { scope: on }).tooltip, /is not loaded[\s\S]*long break\.$/);
    const { tooltip, label } = statusOf(stopped, { scope: off });
    assert.match(tooltip, /is not loaded[\s\S]*Completions are off for `plaintext`\./);
    assert.equal(label, "Griffin Code: idle. Completions are off for plaintext.");
  });

  it("says what has failed and offers what to do", () => {
    const { tooltip, severity } = statusOf({ type: "failed", message: "There is no model. Do this." });
    assert.equal(severity, "error");
    assert.match(tooltip, /There is no model\. Do this\./);
    assert.match(tooltip, /command:griffin\.restartEngine/);
    assert.match(tooltip, /command:griffin\.showLog/);
  });

  it("says that the last completion failed, and why, where one is wanted", () => {
    const failure = "The model could not run: out of memory.";
    const { text, tooltip, label } = statusOf(ready, { failure });
    assert.deepEqual([text, label], ["$(warning) Griffin", `Griffin Code: the last completion failed. ${failure}`]);
    assert.match(tooltip, /out of memory\..*command:griffin\.showLog/s);
    assert.match(statusOf(ready, { failure, scope: asked }).tooltip, /out of memory\..*Only when you ask\./s);
    assert.equal(statusOf(ready, { failure, scope: off }).text, "$(circle-slash) Griffin");
    assert.equal(statusOf(ready, { failure, isWorking: true }).text, "$(loading~spin) Griffin");
  });

  it("offers to load a model that the user has unloaded", () => {
    const { tooltip } = statusOf({ type: "stopped", why: "unloaded" });
    assert.match(tooltip, /You have unloaded the model\..*\[Load it\]\(command:griffin\.restartEngine\)/s);
  });

  it("shows paths as they are", () => {
    // As VS Code draws it.
    const drawn = (tooltip: string): string => new MarkdownIt().renderInline(tooltip);
    const message = "There is nothing in C:\\Users\\me\\.vscode\\_new, nor in src/__init__.py [1](x).";
    assert.ok(drawn(statusOf({ type: "failed", message }).tooltip).includes(message));
    const reading = { phase: "failed", filesRead: 1, filesTotal: 2, tokens: 9, messages: [message] } as const;
    assert.ok(drawn(statusOf(ready, { reading }).tooltip).includes(message));
  });

  it("shows a model's name as it is, which may hold a picture's address", () => {
    const displayName = "Nice [model](command:x) ![](https://evil.example/b.png)";
    for (const facts of [{}, { isWorking: true }]) {
      const { tooltip } = statusOf({ ...ready, model: { ...ready.model, displayName } }, facts);
      const drawn = new MarkdownIt().renderInline(tooltip);
      assert.ok(drawn.includes(displayName), drawn);
    }
  });

  it("shows an address as one that can be clicked", () => {
    const address = "https://aka.ms/vs/17/release/vc_redist.x64.exe";
    const message = `Install it from ${address}, then restart.`;
    assert.ok(statusOf({ type: "failed", message }).tooltip.includes(message));
  });

  it("says why nothing comes by itself, and links to what can be done about it", () => {
    assert.match(
      statusOf(ready, { scope: off }).tooltip,
      /off for `plaintext`.*\[Turn on\]\(command:griffin\.toggleLanguage\) · .*command:workbench\.action\.openSettings\?.*griffin\.enable/s,
    );
    const argument = encodeURIComponent(JSON.stringify(["@id:editor.inlineSuggest.enabled"]));
    const { tooltip } = statusOf(ready, { scope: asked });
    assert.match(tooltip, /Only when you ask\..*command:griffin\.complete/s);
    assert.ok(tooltip.includes(`(command:workbench.action.openSettings?${argument})`));
    const ofPython = { ...asked, remedies: [{ setting: "griffin.completion.trigger", language: "python" }] };
    const query = encodeURIComponent(JSON.stringify(["@lang:python @id:griffin.completion.trigger"]));
    assert.ok(
      statusOf(ready, { scope: ofPython }).tooltip.includes(`(command:workbench.action.openSettings?${query})`),
    );
    assert.match(statusOf(ready, { scope: snoozed }).tooltip, /Until 14:32.*command:griffin\.endSnooze/s);
    assert.doesNotMatch(statusOf(ready, { scope: { ...off, remedies: [] } }).tooltip, /command:|\n$/);
  });

  it("says that Copilot may suggest, too, where both would by themselves", () => {
    const words = /signed in to GitHub Copilot, VS Code asks both.*github\.copilot\.enable/s;
    assert.match(statusOf(ready, { isCopilotOn: true }).tooltip, words);
    assert.doesNotMatch(statusOf(ready, { isCopilotOn: false }).tooltip, /Copilot/);
    assert.doesNotMatch(statusOf(ready, { isCopilotOn: true, scope: off }).tooltip, /Copilot/);
  });

  it("says why the repository is not read", () => {
    const refusal = "In Restricted Mode only open documents are read.";
    const { tooltip, label } = statusOf(ready, { refusal, isTrusted: false });
    assert.equal(label, `Griffin Code: ready. ${refusal}`);
    assert.match(tooltip, /is ready.*In Restricted Mode.*\[Manage trust\]\(command:workbench\.trust\.manage\)/s);
    const trusted = statusOf(ready, { refusal: "No folder of this machine is open." }).tooltip;
    assert.match(trusted, /No folder/);
    assert.doesNotMatch(trusted, /command:/);
  });

  it("links to commands that there are", () => {
    for (const command of LINKED_COMMANDS)
      assert.ok(command.startsWith("workbench.") || declaredCommands.has(command), command);
  });

  it("shows how far the repository is read, beside everything else, and turns nothing meanwhile", () => {
    const check = (phase: ReadingSummary["phase"], icon: string, label: string, tooltip: RegExp, message?: string) => {
      const messages = message === undefined ? [] : [message];
      const reading = { phase, filesRead: 312, filesTotal: 940, tokens: 52_000, messages };
      const isReadingPaused = phase === "paused";
      const view = statusOf(ready, { reading, isReadingPaused });
      assert.equal(view.text, `${icon} Griffin`);
      assert.equal(view.label, `Griffin Code: ready${label}`);
      assert.match(view.tooltip, tooltip);
      assert.match(
        statusOf(ready, { isWorking: true, reading, isReadingPaused }).tooltip,
        tooltip,
        "also while it works",
      );
      assert.match(statusOf(ready, { scope: off, reading, isReadingPaused }).tooltip, tooltip, "also where it is off");
    };
    const progress = "read 312 of 940 files";
    check("listing", "$(book)", ", repository looking for files", /looking for files/);
    check("restoring", "$(book)", ", repository restoring what was read before", /restoring/);
    check(
      "reading",
      "$(book)",
      `, repository ${progress}`,
      /Repository: read 312 of 940 files \(52,000 tokens\)\..*pauseReading/s,
    );
    check(
      "paused",
      "$(debug-pause)",
      `, repository paused; ${progress}. On battery.`,
      /On battery\..*resumeReading/s,
      "On battery.",
    );
    check(
      "failed",
      "$(warning)",
      `, repository failed; ${progress}. Disk full.`,
      /Disk full\..*showLog/s,
      "Disk full.",
    );
    check("done", "$(sparkle)", "", /read 312 of 940 files.*showContext/s);
  });
});
