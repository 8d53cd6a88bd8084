// A model's name that no other weights have.

import type { LanguageModel } from "../../engine/model/languageModel";
import { modelKey } from "../../engine/stateStore/keys";

export function modelOf({ about }: LanguageModel): string {
  return `${about.name} (${modelKey(about).slice(0, 8)})`;
}
