// Commands that the status item's tooltip links to, and that its menu offers beside what they help with.

import type { SettingRemedy } from "../completion/documentScope";

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

export function linksTo(remedies: readonly (LinkName | SettingRemedy)[]): string {
  return remedies.map((remedy) => markdownLink(linkOf(remedy))).join(" · ");
}

function settingLink({ setting, language }: SettingRemedy): Link {
  return ["Settings", OPEN_SETTINGS, `${language === undefined ? "" : `@lang:${language} `}@id:${setting}`];
}

function markdownLink([words, command, argument]: Link): string {
  const query = argument === undefined ? "" : `?${encodeURIComponent(JSON.stringify([argument]))}`;
  return `[${words}](command:${command}${query})`;
}
