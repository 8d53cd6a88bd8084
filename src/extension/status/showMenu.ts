// A click on the status item: shows what menu.ts offers, and does what is chosen.

import * as vscode from "vscode";
import type { GhostText } from "../../ghostText/ghostText";
import type { CompletionScope } from "../completion/completionScope";
import { languageSwitches } from "../completion/languageSwitches";
import type { Snooze } from "../completion/snooze";
import type { EngineSupervisor } from "../engineProcess/engineSupervisor";
import type { Reading } from "../repository/reading";
import { readingPhrase } from "../repository/readingSummary";
import type { RepositorySync } from "../repository/repositorySync";
import { menuGroups } from "./menu";

export interface MenuContext {
  readonly supervisor: EngineSupervisor;
  readonly ghostText: Pick<GhostText, "failure">;
  readonly scope: CompletionScope;
  readonly snooze: Snooze;
  readonly reading: Reading;
  readonly repository: RepositorySync;
}

export async function showMenu(context: MenuContext): Promise<void> {
  const { supervisor, ghostText, snooze, reading, repository } = context;
  const engine = supervisor.status;
  const groups = menuGroups({
    engine,
    failure: ghostText.failure,
    scope: context.scope.inFront,
    reading: reading.summary,
    isReadingPaused: reading.isPaused,
    refusal: repository.plan.refusal,
    isTrusted: vscode.workspace.isTrusted,
    languages: languageSwitches(),
    isSnoozed: snooze.endsAt !== undefined,
    readsRepository: repository.plan.workspace.repository.read,
  });
  const separator = { label: "", kind: vscode.QuickPickItemKind.Separator, command: "" };
  const items = groups.flatMap((group, index) => (index === 0 ? group : [separator, ...group]));
  const title = engine.type === "ready" ? `Griffin Code: ${engine.model.displayName}` : "Griffin Code";
  const placeHolder = reading.summary ? `Repository: ${readingPhrase(reading.summary)}` : "What would you like to do?";
  const chosen = await vscode.window.showQuickPick(items, { title, placeHolder });
  if (chosen === undefined) return;
  await vscode.commands.executeCommand(chosen.command, ...(chosen.argument === undefined ? [] : [chosen.argument]));
}
