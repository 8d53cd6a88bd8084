// The one status item: draws what status.ts says, whenever something that it depends on has changed.

import * as vscode from "vscode";
import type { GhostText } from "../../ghostText/ghostText";
import type { Clock } from "../clock";
import type { CompletionScope } from "../completion/completionScope";
import type { Copilot } from "../completion/copilot";
import { editorInFront } from "../documents/editorInFront";
import type { Emitter } from "../emitter";
import type { EngineClient } from "../engineProcess/engineClient";
import type { EngineMemory } from "../engineProcess/engineMemory";
import type { EngineSupervisor } from "../engineProcess/engineSupervisor";
import type { Reading } from "../repository/reading";
import type { RepositorySync } from "../repository/repositorySync";
import { Throttle } from "../throttle";
import { LINKED_COMMANDS } from "./links";
import { describeStatus } from "./status";

/** Most completions are done before this, and an icon that flickers with every key is a nuisance. */
const WORKING_DELAY_MS = 400;
/** A number that counts faster than this cannot be read. */
const READING_INTERVAL_MS = 500;

export interface StatusBarParts {
  readonly supervisor: EngineSupervisor;
  readonly client: EngineClient;
  readonly memory: EngineMemory;
  readonly ghostText: Pick<GhostText, "failure">;
  /** Fires when `ghostText.failure` has changed. */
  readonly onFailure: Emitter<void>;
  readonly scope: CompletionScope;
  readonly copilot: Copilot;
  readonly reading: Reading;
  readonly repository: RepositorySync;
  readonly clock: Clock;
}

export class StatusBar implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem("griffin.status", vscode.StatusBarAlignment.Right, 100);
  private readonly subscriptions: vscode.Disposable[];
  private isWorking = false;
  private cancelWorking = () => {};
  private drawnTooltip = "";

  constructor(private readonly parts: StatusBarParts) {
    const { supervisor, client, memory, onFailure, scope, copilot, reading, repository, clock } = parts;
    this.item.name = "Griffin Code";
    this.item.command = "griffin.showMenu";
    client.onBusy.on((isBusy) => this.setBusy(isBusy));
    const changes = [memory.onChange, onFailure, scope.onChange, copilot.onChange, repository.onPlan];
    for (const change of [supervisor.onStatus, ...changes]) change.on(() => this.draw());
    const drawing = new Throttle(clock, READING_INTERVAL_MS, () => this.draw());
    reading.onChange.on(() => drawing.request());
    this.subscriptions = [
      this.item,
      drawing,
      vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration("github.copilot") && this.draw()),
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
    const { supervisor, memory, ghostText, scope, copilot, reading, repository } = this.parts;
    const document = editorInFront()?.document;
    const view = describeStatus({
      engine: supervisor.status,
      isWorking: this.isWorking,
      memoryBytes: memory.bytes,
      failure: ghostText.failure,
      scope: scope.of(document),
      isCopilotOn: copilot.isOnFor(document),
      reading: reading.summary,
      isReadingPaused: reading.isPaused,
      refusal: repository.plan.refusal,
      isTrusted: vscode.workspace.isTrusted,
    });
    if (view.text === this.item.text && view.tooltip === this.drawnTooltip) return;
    this.drawnTooltip = view.tooltip;
    const tooltip = new vscode.MarkdownString(view.tooltip, true);
    tooltip.isTrusted = { enabledCommands: LINKED_COMMANDS };
    this.item.text = view.text;
    this.item.tooltip = tooltip;
    this.item.accessibilityInformation = { label: view.label };
    this.item.backgroundColor =
      view.severity === "error" ? new vscode.ThemeColor("statusBarItem.errorBackground") : undefined;
  }
}
