// How things stand, in the words of the status bar. Plain values in, text out; statusBar.ts draws it.

import type { EngineStatus } from "./engineSupervisor";
import { count } from "./phrases";
import { type ReadingSummary, readingPhrase } from "./repository/readingSummary";

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

/** `reading`: how far the workspace has been read, if it is read at all. */
export function describeStatus(
  engine: EngineStatus,
  isWorking: boolean,
  scope: DocumentScope,
  reading?: ReadingSummary,
): StatusView {
  switch (engine.type) {
    case "failed":
      return view("$(error)", "failed", `${asMarkdown(engine.message)}\n\n${RESTART_LINK} · ${LOG_LINK}`, "error");
    case "starting":
      return view("$(loading~spin)", "starting", "The model is being loaded. The editor stays usable meanwhile.");
    case "stopped":
      return engine.why === "unloaded"
        ? view("$(circle-outline)", "unloaded", `You have unloaded the model.\n\n${LOAD_LINK}`)
        : view("$(sparkle)", "idle", NOT_LOADED);
    case "ready":
      if (scope.type === "off") {
        return withReading(view("$(circle-slash)", "off", `${scope.reason}\n\n${SETTINGS_LINK}`), reading);
      }
      if (isWorking) {
        return withReading(view("$(loading~spin)", "working", `${engine.model.displayName} is working.`), reading);
      }
      return withReading(
        view(readingIcon(reading), "ready", `${engine.model.displayName} is ready, on this machine.`),
        reading,
      );
  }
}

/** Reading goes on for minutes, beside everything else: an icon that keeps still. */
function readingIcon(reading: ReadingSummary | undefined): string {
  switch (reading?.phase) {
    case "listing":
    case "restoring":
    case "reading":
      return "$(book)";
    case "paused":
      return "$(debug-pause)";
    case "failed":
      return "$(warning)";
    default:
      return "$(sparkle)";
  }
}

function withReading(status: StatusView, reading: ReadingSummary | undefined): StatusView {
  if (!reading) return status;
  const phrase = readingPhrase(reading);
  const tokens = reading.tokens > 0 ? ` (${count(reading.tokens, "token")})` : "";
  const links = [
    ...(reading.phase === "reading" ? [PAUSE_LINK] : []),
    ...(reading.phase === "paused" ? [RESUME_LINK] : []),
    CONTEXT_LINK,
    ...(reading.phase === "failed" ? [LOG_LINK] : []),
  ];
  const lines = [`Repository: ${phrase}${tokens}.`, ...reading.messages.map(asMarkdown), links.join(" · ")];
  return {
    ...status,
    tooltip: `${status.tooltip}\n\n${lines.join("\n\n")}`,
    label: reading.phase === "done" ? status.label : `${status.label}, repository ${phrase}`,
  };
}

const NOT_LOADED =
  "The model is not loaded. It loads when you open a file, or when you return to this window after a long break.";
const LOAD_LINK = "[Load it](command:griffin.restartEngine)";
const RESTART_LINK = "[Restart engine](command:griffin.restartEngine)";
const LOG_LINK = "[Show log](command:griffin.showLog)";
const PAUSE_LINK = "[Pause reading](command:griffin.pauseReading)";
const RESUME_LINK = "[Resume reading](command:griffin.resumeReading)";
const CONTEXT_LINK = "[What the model saw](command:griffin.showContext)";
const SETTINGS_LINK = "[Settings](command:griffin.openSettings)";

/**
 * Plain words that stay what they are: a path such as `C:\Users\me\.vscode` or `src/__init__.py` is full of signs. An
 * address is left alone: VS Code makes a link of it, and would take a backslash along.
 */
function asMarkdown(words: string): string {
  return words.replace(/https:\/\/[\w./-]+|[\\`*_{}[\]<>()#+\-!~|$&]/g, (found) =>
    found.length > 1 ? found : `\\${found}`,
  );
}

function view(icon: string, state: string, body: string, severity: StatusView["severity"] = "normal"): StatusView {
  return {
    text: `${icon} Griffin`,
    tooltip: `**Griffin Code: ${state}**\n\n${body}`,
    severity,
    label: `Griffin Code: ${state}`,
  };
}
