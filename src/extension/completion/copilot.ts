// GitHub Copilot beside Griffin, as far as it can be told: whether it is installed, its settings, and whether somebody is signed in
// to GitHub. VS Code comes with it, and without an account it suggests nothing.

import * as vscode from "vscode";
import { Emitter } from "../emitter";
import type { EngineSupervisor } from "../engineProcess/engineSupervisor";
import { isCopilotEnabledFor } from "../settings/config";

/** Today's name, and that of earlier versions. One that is disabled is not found. */
const EXTENSIONS = ["GitHub.copilot-chat", "GitHub.copilot"];
/** Whose accounts it takes. */
const PROVIDERS = ["github", "github-enterprise"];

export class Copilot implements vscode.Disposable {
  /** Somebody has signed in or out. */
  readonly onChange = new Emitter<void>();
  private isSignedIn = false;
  /** Raised by each look, so that an earlier one that ends later does not count. */
  private looks = 0;
  private readonly subscriptions: readonly vscode.Disposable[];

  constructor(private readonly supervisor: Pick<EngineSupervisor, "onStatus" | "status">) {
    supervisor.onStatus.on(() => void this.look());
    this.subscriptions = [
      vscode.authentication.onDidChangeSessions(({ provider }) => PROVIDERS.includes(provider.id) && void this.look()),
      vscode.extensions.onDidChange(() => void this.look()),
    ];
    void this.look();
  }

  /** Whether it suggests in the document, as far as can be told. */
  isOnFor(document: vscode.TextDocument | undefined): boolean {
    return document !== undefined && this.isSignedIn && isInstalled() && isCopilotEnabledFor(document);
  }

  dispose(): void {
    this.looks++;
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  /** While no engine suggests anything either, whose accounts there are is nothing to ask for. */
  private async look(): Promise<void> {
    if (this.supervisor.status.type !== "ready") return;
    const look = ++this.looks;
    const isSignedIn = isInstalled() && (await hasAccount());
    if (look !== this.looks || isSignedIn === this.isSignedIn) return;
    this.isSignedIn = isSignedIn;
    this.onChange.fire();
  }
}

function isInstalled(): boolean {
  return EXTENSIONS.some((id) => vscode.extensions.getExtension(id) !== undefined);
}

/** Asks the user for nothing. */
async function hasAccount(): Promise<boolean> {
  for (const provider of PROVIDERS) {
    try {
      if ((await vscode.authentication.getAccounts(provider)).length > 0) return true;
    } catch {
      // Nobody provides such accounts here.
    }
  }
  return false;
}
