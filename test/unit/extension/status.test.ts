import assert from "node:assert/strict";
import MarkdownIt from "markdown-it";
import type { EngineStatus } from "../../../src/extension/engineSupervisor";
import type { ReadingSummary } from "../../../src/extension/repository/readingSummary";
import { type DocumentScope, describeStatus } from "../../../src/extension/status";
import { fakeModel } from "../../support/fakeEngineProcess";

const ready: EngineStatus = { type: "ready", model: fakeModel };
const on: DocumentScope = { type: "on" };
const off: DocumentScope = { type: "off", reason: "Completions are off for `plaintext`." };

describe("status", () => {
  it("is one short text with an icon", () => {
    const check = (
      engine: EngineStatus,
      isWorking: boolean,
      scope: DocumentScope,
      icon: string,
      label: string,
    ): void => {
      const view = describeStatus(engine, isWorking, scope);
      assert.equal(view.text, `${icon} Griffin`);
      assert.equal(view.label, `Griffin Code: ${label}`);
    };
    check({ type: "stopped", why: "notNeeded" }, false, on, "$(sparkle)", "idle");
    check({ type: "stopped", why: "resting" }, false, on, "$(sparkle)", "idle");
    check({ type: "stopped", why: "unloaded" }, false, on, "$(circle-outline)", "unloaded");
    check({ type: "starting" }, false, on, "$(loading~spin)", "starting");
    check(ready, false, on, "$(sparkle)", "ready");
    check(ready, true, on, "$(loading~spin)", "working");
    check(ready, true, off, "$(circle-slash)", "off");
    check({ type: "failed", message: "x" }, false, off, "$(error)", "failed");
  });

  it("says what has failed and offers what to do", () => {
    const { tooltip, severity } = describeStatus({ type: "failed", message: "There is no model. Do this." }, false, on);
    assert.equal(severity, "error");
    assert.match(tooltip, /There is no model\. Do this\./);
    assert.match(tooltip, /command:griffin\.restartEngine/);
    assert.match(tooltip, /command:griffin\.showLog/);
  });

  it("offers to load a model that the user has unloaded", () => {
    const { tooltip } = describeStatus({ type: "stopped", why: "unloaded" }, false, on);
    assert.match(tooltip, /You have unloaded the model\..*\[Load it\]\(command:griffin\.restartEngine\)/s);
  });

  it("shows paths as they are", () => {
    // As VS Code draws it.
    const drawn = (tooltip: string): string => new MarkdownIt().renderInline(tooltip);
    const message = "There is nothing in C:\\Users\\me\\.vscode\\_new, nor in src/__init__.py [1](x).";
    assert.ok(drawn(describeStatus({ type: "failed", message }, false, on).tooltip).includes(message));
    const reading = { phase: "failed", filesRead: 1, filesTotal: 2, tokens: 9, messages: [message] } as const;
    assert.ok(drawn(describeStatus(ready, false, on, reading).tooltip).includes(message));
  });

  it("shows an address as one that can be clicked", () => {
    const address = "https://aka.ms/vs/17/release/vc_redist.x64.exe";
    const message = `Install it from ${address}, then restart.`;
    assert.ok(describeStatus({ type: "failed", message }, false, on).tooltip.includes(message));
  });

  it("says why it is off", () => {
    assert.match(describeStatus(ready, false, off).tooltip, /off for `plaintext`.*command:griffin\.openSettings/s);
  });

  it("shows how far the repository is read, beside everything else, and turns nothing meanwhile", () => {
    const check = (phase: ReadingSummary["phase"], icon: string, label: string, tooltip: RegExp, message?: string) => {
      const messages = message === undefined ? [] : [message];
      const reading = { phase, filesRead: 312, filesTotal: 940, tokens: 52_000, messages };
      const view = describeStatus(ready, false, on, reading);
      assert.equal(view.text, `${icon} Griffin`);
      assert.equal(view.label, `Griffin Code: ready${label}`);
      assert.match(view.tooltip, tooltip);
      assert.match(describeStatus(ready, true, on, reading).tooltip, tooltip, "also while it works");
      assert.match(describeStatus(ready, false, off, reading).tooltip, tooltip, "also where it is off");
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
      `, repository paused; ${progress}`,
      /On battery\..*resumeReading/s,
      "On battery.",
    );
    check("failed", "$(warning)", `, repository failed; ${progress}`, /Disk full\..*showLog/s, "Disk full.");
    check("done", "$(sparkle)", "", /read 312 of 940 files.*showContext/s);
  });
});
