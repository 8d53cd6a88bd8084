// How things stand, in the words of the status bar. Plain values in, text out; statusBar.ts draws it.

import { asMarkdown, count, size } from "../phrases";
import { type ReadingSummary, readingPhrase } from "../repository/readingSummary";
import { COPILOT_SETTING } from "../settings/settingValue";
import { type Concern, type ConcernFacts, concernsOf } from "./concerns";
import { type LinkName, linksTo } from "./links";

export interface StatusFacts extends ConcernFacts {
  readonly isWorking: boolean;
  /** Of the engine's process; undefined while it is not ready. */
  readonly memoryBytes: number | undefined;
  /** GitHub Copilot suggests in the document in front, too, where somebody is signed in to it. */
  readonly isCopilotOn: boolean;
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
  const concerns = presentConcerns(facts);
  const beside = concerns.filter(({ about }) => about !== "repository").flatMap(linesOf);
  const engine = withLines(describeEngine(facts), [...beside, ...memoryLine(facts)]);
  const status = withRepository(engine, facts, concerns);
  // A screen reader does not say the tooltip.
  const reasons = concerns.map(({ text }) => text).join(" ");
  return reasons === "" ? status : { ...status, label: `${status.label}. ${reasons}` };
}

/** As long as the engine is not ready, most of what might be said does not matter. */
function presentConcerns(facts: StatusFacts): readonly Concern[] {
  const { engine, scope } = facts;
  const about = (what: Concern["about"]) => concernsOf(facts).filter((concern) => concern.about === what);
  switch (engine.type) {
    case "ready":
      return concernsOf(facts);
    case "failed":
      return about("engine");
    case "starting":
      return [];
    case "stopped":
      return engine.why !== "unloaded" && scope.type === "off" ? about("document") : [];
  }
}

function describeEngine(facts: StatusFacts): StatusView {
  const { engine } = facts;
  switch (engine.type) {
    case "failed":
      return view("$(error)", "failed", [], "error");
    case "starting":
      return view("$(loading~spin)", "starting", ["The model is being loaded. The editor stays usable meanwhile."]);
    case "stopped":
      return engine.why === "unloaded"
        ? view("$(circle-outline)", "unloaded", ["You have unloaded the model.", linksTo(["load"])])
        : view("$(sparkle)", "idle", [NOT_LOADED]);
    case "ready":
      return describeReady(asMarkdown(engine.model.displayName), facts);
  }
}

const BESIDE_COPILOT = "If you are signed in to GitHub Copilot, VS Code asks both, and shows one suggestion at a time.";
const NOT_LOADED =
  "The model is not loaded. It loads when you open a file that gets completions, or when you return to this window after a long break.";

function describeReady(model: string, { isWorking, failure, scope, isCopilotOn, reading }: StatusFacts): StatusView {
  if (scope.type === "off") return view("$(circle-slash)", "off", []);
  if (isWorking) return view("$(loading~spin)", "working", [`${model} is working.`]);
  if (failure !== undefined) return view("$(warning)", "the last completion failed", []);
  switch (scope.type) {
    case "asked":
      return view(readingIcon(reading), "on request", []);
    case "snoozed":
      return view("$(bell-slash)", "snoozed", []);
    case "on":
      return view(readingIcon(reading), "ready", [
        `${model} is ready, on this machine.`,
        ...(isCopilotOn ? [BESIDE_COPILOT, linksTo([{ setting: COPILOT_SETTING }])] : []),
      ]);
  }
}

function memoryLine({ memoryBytes }: StatusFacts): readonly string[] {
  return memoryBytes === undefined ? [] : [`The engine takes ${size(memoryBytes)} of memory.`];
}

function linesOf({ markdown, remedies }: Concern): readonly string[] {
  return [markdown, linksTo(remedies)];
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

function withRepository(status: StatusView, facts: StatusFacts, concerns: readonly Concern[]): StatusView {
  const { engine, reading, refusal } = facts;
  if (engine.type !== "ready") return status;
  const concern = concerns.find(({ about }) => about === "repository");
  if (refusal !== undefined) return withLines(status, concern === undefined ? [] : linesOf(concern));
  if (!reading) return status;
  const phrase = readingPhrase(reading);
  const tokens = reading.tokens > 0 ? ` (${count(reading.tokens, "token")})` : "";
  const pause: readonly LinkName[] = reading.phase === "reading" ? ["pause"] : [];
  const links = linksTo([...pause, "context", ...(concern?.remedies ?? [])]);
  return {
    ...withLines(status, [`Repository: ${phrase}${tokens}.`, concern?.markdown ?? "", links]),
    label: reading.phase === "done" ? status.label : `${status.label}, repository ${phrase}`,
  };
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
