// VS Code tells no extension what it calls a language. Who brings a language says so to VS Code, which shows the first alias.

import * as vscode from "vscode";
import { objectOf } from "../../text/json";

/** "Python" for `python`, as VS Code shows it; the identifier itself where nobody says. */
export function languageName(id: string): string {
  for (const { packageJSON } of vscode.extensions.all) {
    const { languages } = objectOf(objectOf(packageJSON).contributes);
    for (const language of Array.isArray(languages) ? languages.map(objectOf) : []) {
      const [first] = Array.isArray(language.aliases) ? language.aliases : [];
      if (language.id === id && typeof first === "string") return first;
    }
  }
  // VS Code itself brings this one.
  return id === "plaintext" ? "Plain Text" : id;
}
