// What package.json's `when` clauses ask: how the engine stands, and whether reading is paused.

import * as vscode from "vscode";
import type { EngineSupervisor } from "./engineSupervisor";
import type { Reading } from "./repository/reading";

/** Keeps them true from now on. VS Code keeps what an earlier extension host has set, so they are said at once, too. */
export function keepContextKeys(supervisor: EngineSupervisor, reading: Reading): void {
  const tellStatus = keyTeller("griffin.engineStatus", () => supervisor.status.type);
  const tellPause = keyTeller("griffin.isReadingPaused", () => reading.isPaused);
  supervisor.onStatus.on(tellStatus);
  reading.onChange.on(tellPause);
  tellStatus();
  tellPause();
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
