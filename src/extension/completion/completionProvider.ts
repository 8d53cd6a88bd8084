// VS Code's inline completions, from and to plain values. The decisions are GhostText's.
//
// Only the stable API: what was accepted is seen in the edit. The item's command is for the log and the walkthrough.

import * as vscode from "vscode";
import type { Alternatives } from "../../ghostText/alternatives";
import { askGate } from "../../ghostText/completionGate";
import type { CompletionQuestion, SelectedEntry } from "../../ghostText/completionQuestion";
import type { Suggestion } from "../../ghostText/followedCompletion";
import type { GhostText } from "../../ghostText/ghostText";
import { ANSWER_MS, listKind } from "../../ghostText/heldList";
import { cursorAfterKey } from "../../ghostText/typedKey";
import type { TextEdit } from "../../text/edit";
import { wordAtEnd } from "../../text/lines";
import { signalOf } from "../cancellation";
import type { DocumentEdit, DocumentSync } from "../documents/documentSync";
import { indentUnitOf } from "../documents/indentUnit";
import { Emitter } from "../emitter";
import type { EngineSupervisor } from "../engineProcess/engineSupervisor";
import { sayInPassing } from "../say";
import { completionTrigger, isEnabledFor, isListHeldBack } from "../settings/config";
import { isExcludedDocument } from "./excludedDocument";
import type { Snooze } from "./snooze";

/** Run by VS Code when the user accepts a completion. Not in the command palette. */
export const ACCEPTED_COMMAND = "griffin.completionAccepted";

export interface CompletionProviderParts {
  readonly supervisor: Pick<EngineSupervisor, "start" | "status">;
  readonly ghostText: GhostText;
  readonly alternatives: Alternatives;
  readonly sync: DocumentSync;
  readonly snooze: Snooze;
}

export class CompletionProvider implements vscode.InlineCompletionItemProvider {
  /** Somebody has asked for a completion in this document. */
  readonly onRequest = new Emitter<vscode.TextDocument>();

  /** What was typed last at the cursor, when, and which version of a document that made. */
  private lastKey:
    | {
        readonly document: vscode.TextDocument;
        readonly version: number;
        readonly at: number;
        readonly edits: readonly TextEdit[];
      }
    | undefined;

  constructor(private readonly parts: CompletionProviderParts) {}

  /** To be told of every change after `ghostText` was: VS Code itself asks 50 ms after a key. */
  edited({ made }: DocumentEdit): void {
    if (made === undefined) return;
    this.lastKey = undefined;
    const { document, contentChanges, reason } = made.event;
    const editor = vscode.window.activeTextEditor;
    if (reason !== undefined || editor?.document !== document || editor.selections.length > 1) return;
    // Where the cursor is now, VS Code says only later.
    if (!contentChanges[0]!.range.start.isEqual(editor.selection.active)) return;
    this.lastKey = { document, version: document.version, at: Date.now(), edits: made.edits };
    const cursor = cursorAfterKey(made.edits);
    if (cursor === undefined) return;
    const question = this.questionFor(document, document.positionAt(cursor), AUTOMATIC);
    if (question) this.parts.ghostText.keyTyped(question);
  }

  provideInlineCompletionItems(
    document: vscode.TextDocument,
    position: vscode.Position,
    context: vscode.InlineCompletionContext,
    token: vscode.CancellationToken,
  ): vscode.InlineCompletionItem[] | Promise<vscode.InlineCompletionItem[]> {
    const question = this.questionFor(document, position, context);
    if (!question) return [];
    const toItems = (suggestion: Suggestion | undefined): vscode.InlineCompletionItem[] => {
      const item = suggestion && itemFor(document, position, context.selectedCompletionInfo, suggestion);
      return item ? [item] : [];
    };
    const signal = signalOf(token);
    if (question.trigger === "invoke") {
      this.onRequest.fire(document);
      return this.itemsOnRequest(question, signal, toItems);
    }
    const answer = this.parts.ghostText.complete(question, signal);
    return answer instanceof Promise ? answer.then(toItems) : toItems(answer);
  }

  /** A user who asks and gets nothing is told why: otherwise the key might seem not to work. */
  private async itemsOnRequest(
    question: CompletionQuestion,
    signal: AbortSignal,
    toItems: (suggestion: Suggestion) => vscode.InlineCompletionItem[],
  ): Promise<vscode.InlineCompletionItem[]> {
    const isAsking = askGate(question).type === "ask";
    // A request has the model loaded, but does not wait for it: VS Code shows what others suggest only when all have answered.
    if (isAsking) this.parts.supervisor.start();
    const items = (await this.parts.alternatives.complete(question, signal)).flatMap(toItems);
    if (isAsking && items.length === 0 && !signal.aborted) this.explainNone(question);
    return items;
  }

  private explainNone({ isMirrored }: CompletionQuestion): void {
    const { type } = this.parts.supervisor.status;
    if (type === "starting") sayInPassing("The model is being loaded; ask again in a moment.");
    // If the engine is not ready, the status bar says why. If the document is not mirrored, its text has just changed.
    if (type !== "ready" || !isMirrored()) return;
    const { failure } = this.parts.ghostText;
    sayInPassing(failure === undefined ? "Nothing to suggest here." : `The completion failed. ${failure}`);
  }

  /** When VS Code gives up what it asks because of the last key. */
  private answerBy(document: vscode.TextDocument, lineBefore: string): number | undefined {
    const key = this.lastKey;
    if (key?.document !== document || key.version !== document.version) return undefined;
    const kind = listKind(key.edits, lineBefore);
    return kind !== undefined && isListHeldBack(kind, document) ? key.at + ANSWER_MS : undefined;
  }

  private questionFor(
    document: vscode.TextDocument,
    position: vscode.Position,
    context: vscode.InlineCompletionContext,
  ): CompletionQuestion | undefined {
    const located = this.parts.sync.locate(document, position);
    if (!located) return undefined;
    const indentUnit = indentUnitOf(document);
    const place = { ...located, ...(indentUnit !== undefined && { indentUnit }) };
    const info = context.selectedCompletionInfo;
    const selected = info && selectedEntry(document, position, info, place.offset);
    const line = document.lineAt(position).text;
    const lineBefore = line.slice(0, position.character);
    const trigger = context.triggerKind === vscode.InlineCompletionTriggerKind.Invoke ? "invoke" : "automatic";
    // Where an entry of the list is chosen, the list is there already.
    const answerBy = trigger === "automatic" && info === undefined ? this.answerBy(document, lineBefore) : undefined;
    return {
      place,
      trigger,
      mode: this.parts.snooze.endsAt === undefined ? completionTrigger(document) : "manual",
      isEnabled: isEnabledFor(document) && !isExcludedDocument(document),
      hasSelection: hasSelection(document),
      lineBefore: info ? line.slice(0, info.range.start.character) + info.text : lineBefore,
      lineAfter: line.slice((info?.range.end ?? position).character),
      ...(selected && { selected }),
      ...(answerBy !== undefined && { answerBy }),
      currentVersion: () => this.parts.sync.versionOf(document),
      isMirrored: () => this.parts.sync.isMirrored(place),
    };
  }
}

const AUTOMATIC: vscode.InlineCompletionContext = {
  triggerKind: vscode.InlineCompletionTriggerKind.Automatic,
  selectedCompletionInfo: undefined,
};

function itemFor(
  document: vscode.TextDocument,
  position: vscode.Position,
  selected: vscode.SelectedCompletionInfo | undefined,
  { text, replacedTail }: Suggestion,
): vscode.InlineCompletionItem | undefined {
  const command = { command: ACCEPTED_COMMAND, title: "Griffin: completion accepted" };
  if (selected) {
    // VS Code shows only what extends the chosen entry over exactly its range.
    if (replacedTail > 0) return undefined;
    return { insertText: selected.text + text, range: selected.range, command };
  }
  // From the beginning of the word, so that the item stays valid while VS Code sees the word being typed.
  const lineBefore = document.lineAt(position).text.slice(0, position.character);
  const word = wordAtEnd(lineBefore);
  const range = new vscode.Range(position.translate(0, -word.length), position.translate(0, replacedTail));
  return { insertText: word + text, range, command };
}

/** `cursor` is the position's offset in the engine's document, which a cell shares with the rest of its notebook. */
function selectedEntry(
  document: vscode.TextDocument,
  position: vscode.Position,
  { range, text }: vscode.SelectedCompletionInfo,
  cursor: number,
): SelectedEntry {
  const typed = document.getText(new vscode.Range(range.start, position));
  const deleted = document.offsetAt(range.end) - document.offsetAt(range.start);
  return { offset: cursor - typed.length, deleted, text, typed };
}

function hasSelection(document: vscode.TextDocument): boolean {
  const editor = vscode.window.activeTextEditor;
  return editor?.document === document && editor.selections.some((selection) => !selection.isEmpty);
}
