// The one status item: draws what status.ts says, whenever something that it depends on has changed.

import * as vscode from "vscode";
import type { Clock } from "./clock";
import { isGhostTextOn } from "./config";
import type { DocumentMirror } from "./documentMirror";
import { documentScope } from "./documentScope";
import type { DocumentSync } from "./documentSync";
import type { EngineClient } from "./engineClient";
import type { EngineSupervisor } from "./engineSupervisor";
import type { Reading } from "./repository/reading";
import { type DocumentScope, describeStatus } from "./status";
import { Throttle } from "./throttle";

/** Most completions are done before this, and an icon that flickers with every key is a nuisance. */
const WORKING_DELAY_MS = 400;
/** A number that counts faster than this cannot be read. */
const READING_INTERVAL_MS = 500;

const GHOST_TEXT_OFF =
  "VS Code's setting `editor.inlineSuggest.enabled` is off, so completions come only when you ask for one.";

/** What the tooltip links to. */
const LINKED_COMMANDS = ["restartEngine", "showLog", "openSettings", "pauseReading", "resumeReading", "showContext"];

export interface StatusBarParts {
  readonly supervisor: EngineSupervisor;
  readonly client: EngineClient;
  readonly sync: DocumentSync;
  readonly mirror: DocumentMirror;
  readonly reading: Reading;
  readonly clock: Clock;
}

export class StatusBar implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem("griffin.status", vscode.StatusBarAlignment.Right, 100);
  private readonly subscriptions: vscode.Disposable[];
  private isWorking = false;
  private cancelWorking = () => {};

  constructor(private readonly parts: StatusBarParts) {
    const { supervisor, client, sync, reading, clock } = parts;
    this.item.name = "Griffin Code";
    this.item.command = "griffin.showMenu";
    supervisor.onStatus.on(() => this.draw());
    client.onBusy.on((isBusy) => this.setBusy(isBusy));
    sync.onEdit.on(() => this.draw());
    const drawing = new Throttle(clock, READING_INTERVAL_MS, () => this.draw());
    reading.onChange.on(() => drawing.request());
    this.subscriptions = [
      this.item,
      drawing,
      vscode.window.onDidChangeActiveTextEditor(() => this.draw()),
      // Also when the language of a document is changed.
      vscode.workspace.onDidOpenTextDocument(() => this.draw()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (["griffin", "editor.inlineSuggest"].some((name) => event.affectsConfiguration(name))) this.draw();
      }),
    ];
    this.draw();
    this.item.show();
  }

  dispose(): void {
    this.cancelWorking();
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private setBusy(isBusy: boolean): void {
    this.cancelWorking();
    if (isBusy) this.cancelWorking = this.parts.clock.after(WORKING_DELAY_MS, () => this.setWorking(true));
    else this.setWorking(false);
  }

  private setWorking(isWorking: boolean): void {
    if (isWorking === this.isWorking) return;
    this.isWorking = isWorking;
    this.draw();
  }

  private draw(): void {
    const { supervisor, reading } = this.parts;
    const view = describeStatus(supervisor.status, this.isWorking, this.scope(), reading.summary);
    if (view.text === this.item.text && view.tooltip === this.drawnTooltip) return;
    this.drawnTooltip = view.tooltip;
    const tooltip = new vscode.MarkdownString(view.tooltip, true);
    tooltip.isTrusted = { enabledCommands: LINKED_COMMANDS.map((name) => `griffin.${name}`) };
    this.item.text = view.text;
    this.item.tooltip = tooltip;
    this.item.accessibilityInformation = { label: view.label };
    this.item.backgroundColor =
      view.severity === "error" ? new vscode.ThemeColor("statusBarItem.errorBackground") : undefined;
  }

  private drawnTooltip: string | undefined;

  private scope(): DocumentScope {
    const document = vscode.window.activeTextEditor?.document;
    if (!document) return { type: "on" };
    const scope = documentScope(document, this.parts.sync, this.parts.mirror);
    return scope.type === "on" && !isGhostTextOn(document) ? { type: "off", reason: GHOST_TEXT_OFF } : scope;
  }
}
