// What a click on the status item offers. Plain values in, the entries out.

import type { SettingRemedy } from "../completion/documentScope";
import type { LanguageSwitches } from "../completion/languageSwitches";
import { SNOOZE_MINUTES } from "../completion/snooze";
import { type Concern, type ConcernFacts, concernsOf } from "./concerns";
import { type LinkName, linkOf } from "./links";

export interface MenuFacts extends ConcernFacts {
  readonly languages: LanguageSwitches;
  readonly isSnoozed: boolean;
  readonly readsRepository: boolean;
}

export interface MenuEntry {
  /** With VS Code's `$(icon)` notation. */
  readonly label: string;
  readonly detail?: string;
  readonly command: string;
  /** What the command is given. */
  readonly argument?: string;
}

/** Not in the command palette: says all of why the engine has failed, which may be cut in the menu. */
export const EXPLAIN_FAILURE_COMMAND = "griffin.explainFailure";
/** The same for a reason, which it is given. */
export const EXPLAIN_COMMAND = "griffin.explain";

/** In groups: first what is not as it might be, with what can be done about it. */
export function menuGroups(facts: MenuFacts): readonly (readonly MenuEntry[])[] {
  const usual = [completions(facts), repository(facts), model(facts), HELP];
  const inUse = usual.flat();
  const first = new Set(
    concernsOf(facts)
      .flatMap(concernEntries)
      .map((entry) => inUse.find((other) => isSame(entry, other)) ?? entry),
  );
  const others = usual.map((group) => group.filter((entry) => !first.has(entry)));
  return [[...first], ...others].filter((group) => group.length > 0);
}

function isSame(entry: MenuEntry, other: MenuEntry): boolean {
  return entry.command === other.command && entry.argument === other.argument;
}

function concernEntries({ about, heading, text, remedies }: Concern): readonly MenuEntry[] {
  const explain =
    about === "engine" ? { command: EXPLAIN_FAILURE_COMMAND } : { command: EXPLAIN_COMMAND, argument: text };
  return [{ label: heading, detail: text, ...explain }, ...remedies.map(remedyEntry)];
}

function remedyEntry(remedy: LinkName | SettingRemedy): MenuEntry {
  const [words, command, argument] = linkOf(remedy);
  if (typeof remedy === "string") return { label: `$(shield) ${words}`, command };
  return { label: `$(gear) ${words}: ${remedy.setting}`, command, ...(argument !== undefined && { argument }) };
}

function completions({ languages: { language, areAllOn }, isSnoozed }: MenuFacts): readonly MenuEntry[] {
  const snooze = `$(bell-slash) Snooze completions for ${SNOOZE_MINUTES} minutes`;
  return [
    ...(language ? [{ label: "$(sparkle) Complete here", command: "griffin.complete" }] : []),
    ...(language ? [{ label: turn(language.isOn, language.name), command: "griffin.toggleLanguage" }] : []),
    { label: turn(areAllOn, "all languages"), command: "griffin.toggleAllLanguages" },
    isSnoozed
      ? { label: "$(bell) End the snooze", command: "griffin.endSnooze" }
      : { label: snooze, command: "griffin.snooze" },
  ];
}

function turn(isOn: boolean, which: string): string {
  return isOn ? `$(circle-slash) Turn completions off for ${which}` : `$(check) Turn completions on for ${which}`;
}

function repository({ readsRepository, isReadingPaused }: MenuFacts): readonly MenuEntry[] {
  const pause = isReadingPaused
    ? { label: "$(debug-continue) Resume reading the repository", command: "griffin.resumeReading" }
    : { label: "$(debug-pause) Pause reading the repository", command: "griffin.pauseReading" };
  return [
    { label: "$(comment-discussion) Open chat", command: "griffin.openChat" },
    { label: "$(eye) What the model saw", command: "griffin.showContext" },
    ...(readsRepository ? [pause] : []),
    { label: "$(trash) Clear the saved states of repositories…", command: "griffin.clearStates" },
  ];
}

function model({ engine }: MenuFacts): readonly MenuEntry[] {
  return [
    { label: "$(package) Choose a model…", command: "griffin.chooseModel" },
    ...(engine.type === "ready"
      ? [{ label: "$(debug-disconnect) Unload the model", command: "griffin.unloadModel" }]
      : []),
    { label: "$(debug-restart) Restart engine", command: "griffin.restartEngine" },
  ];
}

const HELP: readonly MenuEntry[] = [
  { label: "$(mortar-board) Get started", command: "griffin.getStarted" },
  { label: "$(pulse) Show diagnostics", command: "griffin.showDiagnostics" },
  { label: "$(output) Show log", command: "griffin.showLog" },
  { label: "$(gear) Settings", command: "griffin.openSettings" },
];
