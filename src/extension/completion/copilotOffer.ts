// GitHub Copilot beside Griffin: at each key both models run, and one suggestion is shown. The user is asked once which of them stays.

import * as vscode from "vscode";
import type { EngineSupervisor } from "../engineProcess/engineSupervisor";
import type { Log } from "../log";
import { offer } from "../say";
import { isCopilotEnabledFor } from "../settings/config";
import { COPILOT_SETTING } from "../settings/settingValue";
import type { Store } from "../store";
import type { CompletionScope } from "./completionScope";
import { turnOffHere } from "./languageSwitches";

/** Today's name, and that of earlier versions. One that is disabled is not found. */
const COPILOT = ["GitHub.copilot-chat", "GitHub.copilot"];
const ASKED_KEY = "griffin.askedAboutCopilot";

/** Whether Copilot suggests in the document, as far as its settings say; whether somebody is signed in, nobody else knows. */
export function isCopilotOnFor(document: vscode.TextDocument | undefined): boolean {
  if (document === undefined || COPILOT.every((id) => vscode.extensions.getExtension(id) === undefined)) return false;
  return isCopilotEnabledFor(document);
}

export interface CopilotOfferParts {
  readonly supervisor: EngineSupervisor;
  readonly scope: CompletionScope;
  /** For all workspaces. */
  readonly store: Store;
  readonly log: Log;
}

export class CopilotOffer implements vscode.Disposable {
  private readonly subscription: vscode.Disposable;

  constructor(private readonly parts: CopilotOfferParts) {
    parts.supervisor.onStatus.on(() => this.look());
    this.subscription = vscode.window.onDidChangeActiveTextEditor(() => this.look());
  }

  dispose(): void {
    this.subscription.dispose();
  }

  private look(): void {
    const { supervisor, store } = this.parts;
    const document = vscode.window.activeTextEditor?.document;
    if (document === undefined || supervisor.status.type !== "ready" || store.get(ASKED_KEY) === true) return;
    if (this.parts.scope.of(document).type !== "on" || !isCopilotOnFor(document)) return;
    void this.remember();
    void this.ask();
  }

  private async remember(): Promise<void> {
    const { store, log } = this.parts;
    try {
      await store.update(ASKED_KEY, true);
    } catch (error) {
      log.warn(`The offer beside Copilot comes once more, as it was not kept that it was made: ${error}`);
    }
  }

  private async ask(): Promise<void> {
    const keep = "Keep Both";
    const turnOff = "Turn Griffin's Completions Off";
    const openSetting = "Open Copilot's Setting";
    const chosen = await offer(
      "GitHub Copilot may suggest here, too. If you are signed in to it, VS Code asks both at each key and shows one suggestion " +
        "at a time.",
      [keep, turnOff, openSetting],
    );
    if (chosen === turnOff) await turnOffHere(this.parts.log);
    // Its own user decides about another extension.
    if (chosen === openSetting)
      await vscode.commands.executeCommand("workbench.action.openSettings", `@id:${COPILOT_SETTING}`);
  }
}
