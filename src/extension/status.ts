// How things stand, in the words of the status bar. Plain values in, text out; statusBar.ts draws it.

import type { EngineStatus } from "./engineSupervisor";

/** Whether the document in front gets completions. */
export type DocumentScope =
  | { readonly type: "on" }
  /** `reason` is a sentence. */
  | { readonly type: "off"; readonly reason: string };

export interface StatusView {
  /** With VS Code's `$(icon)` notation. */
  readonly text: string;
  /** Markdown. */
  readonly tooltip: string;
  readonly severity: "normal" | "error";
  /** What a screen reader says. */
  readonly label: string;
}

export function describeStatus(engine: EngineStatus, isWorking: boolean, scope: DocumentScope): StatusView {
  switch (engine.type) {
    case "failed":
      return view("$(error)", "failed", `${engine.message}\n\n${RESTART_LINK} · ${LOG_LINK}`, "error");
    case "starting":
      return view("$(loading~spin)", "starting", "The model is being loaded. The editor stays usable meanwhile.");
    case "stopped":
      return view("$(sparkle)", "idle", "The model is loaded when the first file is opened.");
    case "ready":
      if (scope.type === "off") return view("$(circle-slash)", "off", `${scope.reason}\n\n${SETTINGS_LINK}`);
      if (isWorking) return view("$(loading~spin)", "working", `${engine.model.displayName} is working.`);
      return view("$(sparkle)", "ready", `${engine.model.displayName} is ready, on this machine.`);
  }
}

const RESTART_LINK = "[Restart engine](command:griffin.restartEngine)";
const LOG_LINK = "[Show log](command:griffin.showLog)";
const SETTINGS_LINK = "[Settings](command:griffin.openSettings)";

function view(icon: string, state: string, body: string, severity: StatusView["severity"] = "normal"): StatusView {
  return {
    text: `${icon} Griffin`,
    tooltip: `**Griffin Code: ${state}**\n\n${body}`,
    severity,
    label: `Griffin Code: ${state}`,
  };
}
