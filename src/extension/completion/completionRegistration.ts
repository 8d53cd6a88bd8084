// Registers the provider for what gets completions, and for nothing else: wherever one is registered, VS Code has its list of
// suggestions wait for it, and may leave the words of open documents out of the list.

import * as vscode from "vscode";
import type { Clock } from "../clock";
import { Throttle } from "../throttle";
import type { CompletionScope } from "./completionScope";

export interface CompletionRegistrationParts {
  readonly provider: vscode.InlineCompletionItemProvider;
  readonly scope: Pick<CompletionScope, "of" | "onChange">;
  readonly clock: Clock;
}

/** A program may open hundreds of documents, one after the other. */
const LOOK_INTERVAL_MS = 100;

export class CompletionRegistration implements vscode.Disposable {
  /** One for each language and scheme: those that stay are not touched when others come and go. */
  private readonly registrations = new Map<string, vscode.Disposable>();
  private readonly look: Throttle;
  private readonly stopListening: () => void;

  constructor(private readonly parts: CompletionRegistrationParts) {
    this.look = new Throttle(parts.clock, LOOK_INTERVAL_MS, () => this.update());
    this.stopListening = parts.scope.onChange.on(() => this.look.request());
    this.look.request();
  }

  dispose(): void {
    this.stopListening();
    this.look.dispose();
    for (const registration of this.registrations.values()) registration.dispose();
  }

  private update(): void {
    const wanted = this.filters();
    for (const [key, registration] of this.registrations) {
      if (wanted.has(key)) continue;
      registration.dispose();
      this.registrations.delete(key);
    }
    for (const [key, filter] of wanted) {
      if (this.registrations.has(key)) continue;
      this.registrations.set(key, vscode.languages.registerInlineCompletionItemProvider(filter, this.parts.provider));
    }
  }

  /** Of all open documents that get completions, by themselves or when they are asked for. */
  private filters(): ReadonlyMap<string, vscode.DocumentFilter> {
    const found = new Map<string, vscode.DocumentFilter>();
    for (const document of vscode.workspace.textDocuments) {
      const filter = { scheme: document.uri.scheme, language: document.languageId };
      const key = `${filter.scheme} ${filter.language}`;
      if (!found.has(key) && this.parts.scope.of(document).type !== "off") found.set(key, filter);
    }
    return found;
  }
}
