// What package.json's `when` clauses ask: how the engine stands, whether the repository is read, and whether completions are snoozed.

import * as vscode from "vscode";
import type { Snooze } from "../completion/snooze";
import type { EngineSupervisor } from "../engineProcess/engineSupervisor";
import type { Reading } from "../repository/reading";
import type { RepositorySync } from "../repository/repositorySync";

export interface ContextKeyParts {
  readonly supervisor: EngineSupervisor;
  readonly reading: Reading;
  readonly repository: RepositorySync;
  readonly snooze: Snooze;
}

/** Keeps them true from now on. VS Code keeps what an earlier extension host has set, so they are said at once, too. */
export function keepContextKeys({ supervisor, reading, repository, snooze }: ContextKeyParts): void {
  const tellStatus = keyTeller("griffin.engineStatus", () => supervisor.status.type);
  const tellPause = keyTeller("griffin.isReadingPaused", () => reading.isPaused);
  const tellWhetherRead = keyTeller("griffin.readsRepository", () => repository.plan.workspace.repository.read);
  const tellSnooze = keyTeller("griffin.isSnoozed", () => snooze.endsAt !== undefined);
  supervisor.onStatus.on(tellStatus);
  reading.onChange.on(tellPause);
  repository.onPlan.on(tellWhetherRead);
  snooze.onChange.on(tellSnooze);
  for (const tell of [tellStatus, tellPause, tellWhetherRead, tellSnooze]) tell();
}

/** Each file that is read fires an event: only what has changed is told. */
function keyTeller(key: string, value: () => unknown): () => void {
  let told: unknown;
  return () => {
    const next = value();
    if (next === told) return;
    told = next;
    void vscode.commands.executeCommand("setContext", key, next);
  };
}
