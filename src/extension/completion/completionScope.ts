// Whether a document gets completions, by themselves or when they are asked for, and if not, why.

import * as vscode from "vscode";
import type { DocumentSync } from "../documents/documentSync";
import { editorInFront } from "../documents/editorInFront";
import { Emitter } from "../emitter";
import { timeOfDay } from "../phrases";
import { completionTrigger, enabledLanguages, isEnabledFor, isGhostTextOn, isSetForLanguage } from "../settings/config";
import { isLanguageEnabled } from "../settings/settingValue";
import type { DocumentScope, SettingRemedy } from "./documentScope";
import { isExcludedDocument } from "./excludedDocument";
import { languageName } from "./languageName";
import type { Snooze } from "./snooze";

export class CompletionScope implements vscode.Disposable {
  /** Another document is in front, or what is said of one may be something else now. */
  readonly onChange = new Emitter<void>();
  private readonly subscriptions: readonly vscode.Disposable[];

  constructor(
    private readonly sync: Pick<DocumentSync, "isNotebookText" | "locate" | "onScope" | "refusalOf">,
    private readonly snooze: Pick<Snooze, "endsAt" | "onChange">,
  ) {
    const changed = (): void => this.onChange.fire();
    sync.onScope.on(changed);
    snooze.onChange.on(changed);
    this.subscriptions = [
      vscode.window.onDidChangeActiveTextEditor(changed),
      // Also when the language of a document is changed.
      vscode.workspace.onDidOpenTextDocument(changed),
      vscode.workspace.onDidChangeConfiguration(
        (event) => SETTINGS.some((name) => event.affectsConfiguration(name)) && changed(),
      ),
    ];
  }

  /** The scope of the document in front; with none there, what holds for all. */
  get inFront(): DocumentScope {
    return this.of(editorInFront()?.document);
  }

  /** @param document undefined: none is in front */
  of(document: vscode.TextDocument | undefined): DocumentScope {
    const off = document === undefined ? offForAll() : this.offFor(document);
    return off ?? askedFor(document, this.snooze) ?? { type: "on" };
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private offFor(document: vscode.TextDocument): DocumentScope | undefined {
    const { sync } = this;
    if (!isEnabledFor(document)) {
      const reason = `Completions are off for \`${languageName(document.languageId)}\`.`;
      return { type: "off", reason, remedies: ["turnOn", SWITCHES] };
    }
    if (isExcludedDocument(document)) {
      const reason = "Completions are off in this file: a pattern of `griffin.completion.exclude` names it.";
      return { type: "off", reason, remedies: [PATTERNS] };
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
}

const SETTINGS = [
  "griffin.enable",
  "griffin.completion.exclude",
  "griffin.completion.trigger",
  "editor.inlineSuggest.enabled",
];
const SWITCHES: SettingRemedy = { setting: "griffin.enable" };
const PATTERNS: SettingRemedy = { setting: "griffin.completion.exclude" };

function offForAll(): DocumentScope | undefined {
  if (isLanguageEnabled(enabledLanguages(undefined), "*")) return undefined;
  return { type: "off", reason: "Completions are off for all languages.", remedies: ["turnAllOn", SWITCHES] };
}

function askedFor(
  document: vscode.TextDocument | undefined,
  { endsAt }: Pick<Snooze, "endsAt">,
): DocumentScope | undefined {
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
