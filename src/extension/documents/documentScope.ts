// Whether a document gets completions, by themselves or when they are asked for, and if not, why.

import * as vscode from "vscode";
import { isLanguageEnabled } from "../../ghostText/completionGate";
import type { Snooze } from "../completion/snooze";
import { timeOfDay } from "../phrases";
import { completionTrigger, enabledLanguages, isEnabledFor, isGhostTextOn, isSetForLanguage } from "../settings/config";
import type { DocumentScope, SettingRemedy } from "../status/status";
import type { DocumentSync } from "./documentSync";

export interface ScopeParts {
  readonly sync: DocumentSync;
  readonly snooze: Snooze;
}

/** @param document undefined: none is in front */
export function documentScope(document: vscode.TextDocument | undefined, parts: ScopeParts): DocumentScope {
  const off = document === undefined ? offForAll() : offFor(document, parts);
  return off ?? askedFor(document, parts.snooze) ?? { type: "on" };
}

const SWITCHES: SettingRemedy = { setting: "griffin.enable" };

function offForAll(): DocumentScope | undefined {
  if (isLanguageEnabled(enabledLanguages(undefined), "*")) return undefined;
  return { type: "off", reason: "Completions are off for all languages.", remedies: ["turnAllOn", SWITCHES] };
}

function offFor(document: vscode.TextDocument, { sync }: ScopeParts): DocumentScope | undefined {
  if (!isEnabledFor(document)) {
    const reason = `Completions are off for \`${document.languageId}\`.`;
    return { type: "off", reason, remedies: ["turnOn", SWITCHES] };
  }
  if (sync.isNotebookText(document)) {
    const reason = "This notebook is open as a notebook, too: its cells get the completions.";
    return { type: "off", reason, remedies: [] };
  }
  const place = sync.locate(document, new vscode.Position(0, 0));
  if (!place) return { type: "off", reason: "This kind of document gets no completions.", remedies: [] };
  const refusal = sync.refusalOf(place);
  return refusal === undefined ? undefined : { type: "off", reason: refusal, remedies: [] };
}

function askedFor(document: vscode.TextDocument | undefined, { endsAt }: Snooze): DocumentScope | undefined {
  const ask = document === undefined ? [] : (["complete"] as const);
  if (!isGhostTextOn(document)) {
    const reason = "Completions come only when you ask: VS Code's setting `editor.inlineSuggest.enabled` is off.";
    return { type: "asked", reason, remedies: [...ask, settingRemedy("editor.inlineSuggest.enabled", document)] };
  }
  if (completionTrigger(document) === "manual") {
    const reason = "Completions come only when you ask: `griffin.completion.trigger` is `manual`.";
    return { type: "asked", reason, remedies: [...ask, settingRemedy("griffin.completion.trigger", document)] };
  }
  if (endsAt === undefined) return undefined;
  const reason = `Until ${timeOfDay(endsAt)} completions come only when you ask.`;
  return { type: "snoozed", reason, remedies: [...ask, "endSnooze"] };
}

function settingRemedy(setting: string, document: vscode.TextDocument | undefined): SettingRemedy {
  const language = isSetForLanguage(setting, document) ? document?.languageId : undefined;
  return { setting, ...(language !== undefined && { language }) };
}
