// Changes that are shown side by side in VS Code's own diff editor, and written when the user accepts them.

import * as vscode from "vscode";
import type { TextEdit } from "../../protocol/engine";
import { applyEdit } from "../../text/edit";
import type { Log } from "../log";
import { say } from "../say";

/** The scheme of the documents that stand at the right of the difference. package.json's menus know it, too. */
const SCHEME = "griffin-proposed";

interface Change {
  readonly uri: vscode.Uri;
  readonly edit: TextEdit;
  /** The document's text when the change was proposed. */
  readonly before: string;
  readonly after: string;
}

export class ProposedChanges implements vscode.TextDocumentContentProvider, vscode.Disposable {
  /** By the virtual document's address. */
  private readonly changes = new Map<string, Change>();
  private readonly subscriptions: vscode.Disposable[];
  private count = 0;

  constructor(private readonly log: Log) {
    this.subscriptions = [
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
      vscode.commands.registerCommand("griffin.acceptChange", () => this.accept()),
      vscode.commands.registerCommand("griffin.discardChange", () => this.discard()),
      vscode.workspace.onDidCloseTextDocument((document) => this.closed(document)),
    ];
    void vscode.window.tabGroups.close(leftoverTabs());
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  /** Nothing for a change that is not kept any more: VS Code then says that it cannot show it, and not an empty file. */
  provideTextDocumentContent(uri: vscode.Uri): string | undefined {
    return this.changes.get(uri.toString())?.after;
  }

  /** Shows the document beside what it would be, whose address is returned. */
  async propose(document: vscode.TextDocument, edit: TextEdit): Promise<vscode.Uri> {
    const before = document.getText();
    const proposed = document.uri.with({ scheme: SCHEME, query: String(++this.count) });
    this.changes.set(proposed.toString(), { uri: document.uri, edit, before, after: applyEdit(before, edit) });
    const name = vscode.workspace.asRelativePath(document.uri);
    await vscode.commands.executeCommand("vscode.diff", document.uri, proposed, `${name}: Proposed Change`, {
      preview: false,
    } satisfies vscode.TextDocumentShowOptions);
    return proposed;
  }

  /**
   * Writes the change that is shown, into the document and not onto the disk: it can be undone.
   * @param proposed its address; absent: that in the active tab
   */
  async accept(proposed?: vscode.Uri): Promise<void> {
    const shown = this.shown(proposed);
    if (shown === undefined) return say(proposed ? NOT_SHOWN : NONE_SHOWN);
    const { change, tab } = shown;
    const document = await vscode.workspace.openTextDocument(change.uri);
    if (document.getText() !== change.before) {
      say(
        "The file has changed since this change was proposed, so nothing was written. Apply the code again.",
        "warning",
      );
      return;
    }
    const { offset, deleted, inserted } = change.edit;
    const range = new vscode.Range(document.positionAt(offset), document.positionAt(offset + deleted));
    const edit = new vscode.WorkspaceEdit();
    edit.replace(change.uri, range, inserted);
    if (!(await vscode.workspace.applyEdit(edit))) {
      say("VS Code did not write the change. Is the file read-only?", "warning");
      return;
    }
    this.log.debug("A proposed change was accepted.");
    await vscode.window.tabGroups.close(tab);
    const start = document.positionAt(offset);
    await vscode.window.showTextDocument(document, {
      preview: false,
      selection: new vscode.Range(start, document.positionAt(offset + inserted.length)),
    });
  }

  /**
   * Says nothing of one that is gone already.
   * @param proposed see `accept`
   */
  async discard(proposed?: vscode.Uri): Promise<void> {
    const shown = this.shown(proposed);
    if (shown) await vscode.window.tabGroups.close(shown.tab);
    else if (proposed === undefined) say(NONE_SHOWN);
  }

  /** What was never shown again need not be kept. VS Code also says this of a document whose language changes, and which stays. */
  private closed({ uri }: vscode.TextDocument): void {
    const key = uri.toString();
    if (!vscode.workspace.textDocuments.some((other) => other.uri.toString() === key)) this.changes.delete(key);
  }

  private shown(proposed: vscode.Uri | undefined): { readonly change: Change; readonly tab: vscode.Tab } | undefined {
    const { activeTab } = vscode.window.tabGroups.activeTabGroup;
    const tab = proposed ? allTabs().find((one) => proposedIn(one)?.toString() === proposed.toString()) : activeTab;
    const address = tab && proposedIn(tab)?.toString();
    const change = address === undefined ? undefined : this.changes.get(address);
    return tab && change && { change, tab };
  }
}

const NOT_SHOWN = "This change is not shown any more: it was accepted, discarded or closed.";
const NONE_SHOWN = "The active tab shows no proposed change, or the change has expired. Apply the code again.";

/** Changes live as long as the window, but VS Code opens its tabs again. */
function leftoverTabs(): vscode.Tab[] {
  return allTabs().filter((tab) => proposedIn(tab) !== undefined);
}

function allTabs(): vscode.Tab[] {
  return vscode.window.tabGroups.all.flatMap((group) => group.tabs);
}

/** The address of what the file would be, in a tab that shows a change. */
function proposedIn({ input }: vscode.Tab): vscode.Uri | undefined {
  return input instanceof vscode.TabInputTextDiff && input.modified.scheme === SCHEME ? input.modified : undefined;
}
