// Turns completions on and off for the language in front, and for all languages: where it is said in the settings already.

import { editorInFront } from "../documents/editorInFront";
import type { Log } from "../log";
import { sayInPassing } from "../say";
import { enabledLanguages, setCompletionsEnabled } from "../settings/config";
import { exceptionsIn, isLanguageEnabled } from "../settings/settingValue";
import { languageName } from "./languageName";

export interface LanguageSwitches {
  /** The language of the document in front, if there is one. */
  readonly language?: { readonly id: string; readonly name: string; readonly isOn: boolean };
  /** Whether those are on that the settings do not name. */
  readonly areAllOn: boolean;
}

export function languageSwitches(): LanguageSwitches {
  const document = editorInFront()?.document;
  const enabled = enabledLanguages(document);
  const areAllOn = isLanguageEnabled(enabled, "*");
  if (document === undefined) return { areAllOn };
  const id = document.languageId;
  return { language: { id, name: languageName(id), isOn: isLanguageEnabled(enabled, id) }, areAllOn };
}

export async function toggleLanguage(log: Log): Promise<void> {
  const { language } = languageSwitches();
  if (language === undefined) return sayInPassing("Open a file of the language first.");
  await toggle(language.id, language.isOn);
  tell(`Completions are ${language.isOn ? "off" : "on"} for ${language.name}.`, log);
}

export async function toggleAllLanguages(log: Log): Promise<void> {
  const { areAllOn } = languageSwitches();
  await toggle("*", areAllOn);
  const exceptions = exceptionsIn(enabledLanguages(editorInFront()?.document)).map(languageName);
  const but = exceptions.length === 0 ? "" : ` but ${exceptions.join(", ")}`;
  tell(`Completions are ${areAllOn ? "off" : "on"} for all languages${but}.`, log);
}

/** For all languages, or for the one in front where the others are off already. */
export async function turnOffHere(log: Log): Promise<void> {
  const { language, areAllOn } = languageSwitches();
  if (areAllOn) await toggleAllLanguages(log);
  else if (language?.isOn) await toggleLanguage(log);
}

async function toggle(entry: string, isOn: boolean): Promise<void> {
  await setCompletionsEnabled(editorInFront()?.document, entry, !isOn);
}

function tell(words: string, log: Log): void {
  sayInPassing(words);
  log.info(`By the user: ${words}`);
}
