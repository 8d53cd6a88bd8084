// How things stand, in the words of the status bar. Plain values in, text out; statusBar.ts draws it.

import type { DocumentScope, SettingRemedy } from "../completion/documentScope";
import type { EngineStatus } from "../engineProcess/engineSupervisor";
import { count, plainText } from "../phrases";
import { type ReadingSummary, readingPhrase } from "../repository/readingSummary";
import { COPILOT_SETTING } from "../settings/settingValue";

export interface StatusFacts {
  readonly engine: EngineStatus;
  readonly isWorking: boolean;
  /** Why the last completion failed, until one does not. A sentence. */
  readonly failure?: string | undefined;
  /** The scope of the document in front. */
  readonly scope: DocumentScope;
  /** GitHub Copilot suggests there, too, where somebody is signed in to it. */
  readonly isCopilotOn?: boolean;
  /** How far the workspace has been read, if it is read at all. */
  readonly reading?: ReadingSummary | undefined;
  /** Why nothing but open documents is read, if that is so. A sentence. */
  readonly refusal?: string | undefined;
  /** False in Restricted Mode. */
  readonly isTrusted: boolean;
}

export interface StatusView {
  /** With VS Code's `$(icon)` notation. */
  readonly text: string;
  /** Markdown. */
  readonly tooltip: string;
  readonly severity: "normal" | "error";
  /** What a screen reader says. */
  readonly label: string;
}

export function describeStatus(facts: StatusFacts): StatusView {
  const status = describeEngine(facts);
  const reasons = reasonsIn(facts).map(plainText);
  // A screen reader does not say the tooltip.
  return reasons.length === 0 ? status : { ...status, label: `${status.label}. ${reasons.join(" ")}` };
}

/** Why things are not as they might be. Sentences. */
function reasonsIn({ engine, failure, scope, reading, refusal }: StatusFacts): readonly string[] {
  if (engine.type === "failed") return [engine.message];
  if (engine.type !== "ready") return [];
  const failed = scope.type === "off" ? undefined : failure;
  const ofRepository = refusal === undefined ? (reading?.messages ?? []) : [refusal];
  return [failed, scope.type === "on" ? undefined : scope.reason, ...ofRepository].filter(
    (reason) => reason !== undefined,
  );
}

function describeEngine(facts: StatusFacts): StatusView {
  const { engine } = facts;
  switch (engine.type) {
    case "failed":
      return view("$(error)", "failed", [asMarkdown(engine.message), linksTo(FAILURE_LINKS)], "error");
    case "starting":
      return view("$(loading~spin)", "starting", ["The model is being loaded. The editor stays usable meanwhile."]);
    case "stopped":
      return engine.why === "unloaded"
        ? view("$(circle-outline)", "unloaded", ["You have unloaded the model.", linksTo(["load"])])
        : view("$(sparkle)", "idle", [NOT_LOADED, ...(facts.scope.type === "off" ? linesOf(facts.scope) : [])]);
    case "ready":
      return withRepository(describeReady(asMarkdown(engine.model.displayName), facts), facts);
  }
}

const BESIDE_COPILOT = "If you are signed in to GitHub Copilot, VS Code asks both, and shows one suggestion at a time.";
const FAILURE_LINKS = ["restart", "log"] as const;
const NOT_LOADED =
  "The model is not loaded. It loads when you open a file that gets completions, or when you return to this window after a long break.";

function describeReady(model: string, { isWorking, failure, scope, isCopilotOn, reading }: StatusFacts): StatusView {
  const scopeLines = linesOf(scope);
  if (scope.type === "off") return view("$(circle-slash)", "off", scopeLines);
  if (isWorking) return view("$(loading~spin)", "working", [`${model} is working.`, ...scopeLines]);
  if (failure !== undefined)
    return view("$(warning)", "the last completion failed", [
      asMarkdown(failure),
      linksTo(FAILURE_LINKS),
      ...scopeLines,
    ]);
  switch (scope.type) {
    case "asked":
      return view(readingIcon(reading), "on request", scopeLines);
    case "snoozed":
      return view("$(bell-slash)", "snoozed", scopeLines);
    case "on":
      return view(readingIcon(reading), "ready", [
        `${model} is ready, on this machine.`,
        ...(isCopilotOn ? [BESIDE_COPILOT, linksTo([{ setting: COPILOT_SETTING }])] : []),
      ]);
  }
}

function linesOf(scope: DocumentScope): readonly string[] {
  return scope.type === "on" ? [] : [scope.reason, linksTo(scope.remedies)];
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

function withRepository(status: StatusView, { reading, refusal, isTrusted }: StatusFacts): StatusView {
  if (refusal !== undefined) return withLines(status, [refusal, linksTo(isTrusted ? [] : ["trust"])]);
  if (!reading) return status;
  const phrase = readingPhrase(reading);
  const tokens = reading.tokens > 0 ? ` (${count(reading.tokens, "token")})` : "";
  const links: readonly LinkName[] = [
    ...(reading.phase === "reading" ? (["pause"] as const) : []),
    ...(reading.phase === "paused" ? (["resume"] as const) : []),
    "context",
    ...(reading.phase === "failed" ? (["log"] as const) : []),
  ];
  return {
    ...withLines(status, [`Repository: ${phrase}${tokens}.`, ...reading.messages.map(asMarkdown), linksTo(links)]),
    label: reading.phase === "done" ? status.label : `${status.label}, repository ${phrase}`,
  };
}

const OPEN_SETTINGS = "workbench.action.openSettings";

type Link = readonly [words: string, command: string, argument?: string];

const LINKS = {
  load: ["Load it", "griffin.restartEngine"],
  restart: ["Restart engine", "griffin.restartEngine"],
  log: ["Show log", "griffin.showLog"],
  pause: ["Pause reading", "griffin.pauseReading"],
  resume: ["Resume reading", "griffin.resumeReading"],
  context: ["What the model saw", "griffin.showContext"],
  complete: ["Complete here", "griffin.complete"],
  turnOn: ["Turn on", "griffin.toggleLanguage"],
  turnAllOn: ["Turn on", "griffin.toggleAllLanguages"],
  endSnooze: ["End snooze", "griffin.endSnooze"],
  trust: ["Manage trust", "workbench.trust.manage"],
} as const satisfies Readonly<Record<string, Link>>;

export type LinkName = keyof typeof LINKS;

/** What a tooltip may run. */
export const LINKED_COMMANDS: readonly string[] = [
  ...new Set(Object.values(LINKS).map(([, command]) => command)),
  OPEN_SETTINGS,
];

export function linkOf(remedy: LinkName | SettingRemedy): Link {
  return typeof remedy === "string" ? LINKS[remedy] : settingLink(remedy);
}

function linksTo(remedies: readonly (LinkName | SettingRemedy)[]): string {
  return remedies.map((remedy) => markdownLink(linkOf(remedy))).join(" · ");
}

function settingLink({ setting, language }: SettingRemedy): Link {
  return ["Settings", OPEN_SETTINGS, `${language === undefined ? "" : `@lang:${language} `}@id:${setting}`];
}

function markdownLink([words, command, argument]: Link): string {
  const query = argument === undefined ? "" : `?${encodeURIComponent(JSON.stringify([argument]))}`;
  return `[${words}](command:${command}${query})`;
}

/**
 * Plain words that stay what they are: a path such as `C:\Users\me\.vscode` or `src/__init__.py` is full of signs. An
 * address is left alone: VS Code makes a link of it, and would take a backslash along.
 */
function asMarkdown(words: string): string {
  return words.replace(/https:\/\/[\w./-]+|[\\`*_{}[\]<>()#+\-!~|$&]/g, (found) =>
    found.length > 1 ? found : `\\${found}`,
  );
}

function view(
  icon: string,
  state: string,
  lines: readonly string[],
  severity: StatusView["severity"] = "normal",
): StatusView {
  const label = `Griffin Code: ${state}`;
  return withLines({ text: `${icon} Griffin`, tooltip: `**${label}**`, severity, label }, lines);
}

function withLines(status: StatusView, lines: readonly string[]): StatusView {
  return { ...status, tooltip: [status.tooltip, ...lines.filter((line) => line !== "")].join("\n\n") };
}
