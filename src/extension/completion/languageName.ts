// VS Code tells no extension what it calls a language. Who brings a language says so to VS Code, which shows the first alias.
// Where several do, the last of them counts.

import * as vscode from "vscode";
import { objectOf } from "../../text/json";

/** "Python" for `python`, as VS Code shows it; the identifier itself where nobody says. */
export function languageName(id: string): string {
  // VS Code itself brings this one.
  let name = id === "plaintext" ? "Plain Text" : id;
  for (const { packageJSON } of vscode.extensions.all) {
    const { languages } = objectOf(objectOf(packageJSON).contributes);
    for (const language of Array.isArray(languages) ? languages.map(objectOf) : []) {
      const [first] = Array.isArray(language.aliases) ? language.aliases : [];
      if (language.id === id && typeof first === "string") name = first;
    }
  }
  return name;
}
