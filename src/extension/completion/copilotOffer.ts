// Beside GitHub Copilot, both models run at each key, and one suggestion is shown. The user is asked once which of them stays.

import * as vscode from "vscode";
import type { EngineSupervisor } from "../engineProcess/engineSupervisor";
import type { Log } from "../log";
import { offer, say } from "../say";
import { COPILOT_SETTING } from "../settings/settingValue";
import { keep, type Store } from "../store";
import type { CompletionScope } from "./completionScope";
import type { Copilot } from "./copilot";
import { turnOffHere } from "./languageSwitches";

const ASKED_KEY = "griffin.askedAboutCopilot";

export interface CopilotOfferParts {
  readonly supervisor: EngineSupervisor;
  readonly scope: CompletionScope;
  readonly copilot: Copilot;
  /** For all workspaces. */
  readonly store: Store;
  readonly log: Log;
}

export class CopilotOffer implements vscode.Disposable {
  private readonly subscription: vscode.Disposable;

  constructor(private readonly parts: CopilotOfferParts) {
    parts.supervisor.onStatus.on(() => this.look());
    parts.copilot.onChange.on(() => this.look());
    this.subscription = vscode.window.onDidChangeActiveTextEditor(() => this.look());
  }

  dispose(): void {
    this.subscription.dispose();
  }

  private look(): void {
    const { supervisor, scope, copilot, store, log } = this.parts;
    const document = vscode.window.activeTextEditor?.document;
    if (document === undefined || supervisor.status.type !== "ready" || store.get(ASKED_KEY) === true) return;
    if (scope.of(document).type !== "on" || !copilot.isOnFor(document)) return;
    const loss = "The notice about Copilot will appear again, because it could not be saved that it was shown";
    void keep(store, ASKED_KEY, true, loss, (sentence) => log.warn(sentence));
    void this.ask();
  }

  private async ask(): Promise<void> {
    const keepBoth = "Keep Both";
    const turnOff = "Turn Griffin's Completions Off";
    const openSetting = "Open Copilot's Setting";
    const chosen = await offer(
      "GitHub Copilot may suggest here, too. If you are signed in to it, VS Code asks both at each key and shows one suggestion " +
        "at a time.",
      [keepBoth, turnOff, openSetting],
    );
    if (chosen === turnOff) await this.turnOff();
    // We never change another extension's setting; the user does it there.
    if (chosen === openSetting)
      await vscode.commands.executeCommand("workbench.action.openSettings", `@id:${COPILOT_SETTING}`);
  }

  /** VS Code tells what has failed of a command, and of nothing else. */
  private async turnOff(): Promise<void> {
    try {
      await turnOffHere(this.parts.log);
    } catch (error) {
      say(`Completions could not be turned off. ${(error as Error).message}`, "error");
    }
  }
}
