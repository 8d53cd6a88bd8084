// From VS Code's document events to DocumentMirror, and what the rest of the extension asks about the mirrored documents.
//
// A notebook is one document to the engine: see notebookSource.ts.

import * as vscode from "vscode";
import type { DocumentPlace, TextEdit } from "../../protocol/engine";
import { Emitter } from "../emitter";
import type { DocumentMirror, MirrorSource } from "./documentMirror";
import { pathForModel, pathToJudge } from "./documentPath";
import { isNotebookCell } from "./notebookCell";
import { NotebookSource } from "./notebookSource";

export interface DocumentEdit {
  readonly uri: string;
  readonly version: number;
  readonly edits: readonly TextEdit[];
  /** Absent where a notebook's cells have come, gone or moved. */
  readonly made?: TextChange;
}

/** A change as it was made: in a cell of a notebook, with the cell's own offsets. */
export interface TextChange {
  readonly event: vscode.TextDocumentChangeEvent;
  readonly edits: readonly TextEdit[];
}

export class DocumentSync implements vscode.Disposable {
  /** Fires for every change to a mirrored document, after it has been passed on to the engine. */
  readonly onEdit = new Emitter<DocumentEdit>();
  /** Fires with the address of what is closed; also of what is opened again at once, as when its language changes. */
  readonly onClose = new Emitter<string>();
  /** Fires when `locate`, `isNotebookText` or `refusalOf` may say something else of an open document. */
  readonly onScope = new Emitter<void>();
  private readonly subscriptions: vscode.Disposable[];
  private readonly notebooks = new Map<string, NotebookSource>();

  constructor(private readonly mirror: DocumentMirror) {
    mirror.onRefusal.on(() => this.onScope.fire());
    this.subscriptions = [
      vscode.workspace.onDidOpenTextDocument((document) => this.open(document)),
      vscode.workspace.onDidChangeTextDocument((event) => this.change(event)),
      vscode.workspace.onDidCloseTextDocument((document) => this.closeText(document)),
      vscode.workspace.onDidOpenNotebookDocument((notebook) => this.openNotebook(notebook)),
      vscode.workspace.onDidChangeNotebookDocument((event) => this.updateNotebook(event)),
      vscode.workspace.onDidCloseNotebookDocument((notebook) => this.closeNotebook(notebook)),
    ];
    for (const document of vscode.workspace.textDocuments) this.open(document);
    for (const notebook of vscode.workspace.notebookDocuments) this.openNotebook(notebook);
  }

  /** Where the engine finds this position; undefined when it is not told of the document. */
  locate(document: vscode.TextDocument, position: vscode.Position): DocumentPlace | undefined {
    const offset = document.offsetAt(position);
    if (isNotebookCell(document)) return this.notebookOf(document)?.locate(document, offset);
    return this.isOwn(document) ? { uri: document.uri.toString(), version: document.version, offset } : undefined;
  }

  /** Whether this is the text of a notebook that is open as a notebook, too. */
  isNotebookText({ uri }: vscode.TextDocument): boolean {
    return this.notebooks.has(uri.toString());
  }

  /** Whether the engine's copy of the document is at this version. */
  isMirrored({ uri, version }: Pick<DocumentPlace, "uri" | "version">): boolean {
    return this.mirror.isMirrored(uri, version);
  }

  /** Why the document is not mirrored, as a sentence for the user. */
  refusalOf({ uri }: Pick<DocumentPlace, "uri">): string | undefined {
    return this.mirror.refusalOf(uri);
  }

  /** The version of the engine's view of `document`; for a cell, that of its notebook. */
  versionOf(document: vscode.TextDocument): number {
    return this.notebookOf(document)?.version ?? document.version;
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private open(document: vscode.TextDocument): void {
    if (this.isOwn(document)) this.mirror.open(new TextDocumentSource(document));
  }

  private closeText({ uri }: vscode.TextDocument): void {
    if (!this.notebooks.has(uri.toString())) this.close(uri);
  }

  private close(uri: vscode.Uri): void {
    this.mirror.close(uri.toString());
    this.onClose.fire(uri.toString());
  }

  private change(event: vscode.TextDocumentChangeEvent): void {
    const { document, contentChanges } = event;
    // VS Code sends an event without changes when only the dirty mark changed.
    if (contentChanges.length === 0) return;
    const edits = contentChanges.map(({ rangeOffset, rangeLength, text }) => {
      return { offset: rangeOffset, deleted: rangeLength, inserted: text };
    });
    const notebook = this.notebookOf(document);
    const made = { event, edits };
    if (notebook) this.passOn(notebook, notebook.update({ document, edits }), made);
    else if (this.isOwn(document)) {
      this.passOn({ uri: document.uri.toString(), version: document.version }, edits, made);
    }
  }

  private passOn(
    { uri, version }: { uri: string; version: number },
    edits: readonly TextEdit[],
    made?: TextChange,
  ): void {
    if (edits.length === 0) return;
    this.mirror.change(uri, edits);
    this.onEdit.fire({ uri, version, edits, ...(made && { made }) });
  }

  private openNotebook(notebook: vscode.NotebookDocument): void {
    if (!canBeMirrored(notebook)) return;
    // It may have been open as text until now.
    this.close(notebook.uri);
    const source = new NotebookSource(notebook);
    this.notebooks.set(notebook.uri.toString(), source);
    this.mirror.open(source);
    this.onScope.fire();
  }

  private updateNotebook({ notebook, contentChanges }: vscode.NotebookDocumentChangeEvent): void {
    const source = this.notebooks.get(notebook.uri.toString());
    if (!source) return;
    this.passOn(source, source.update());
    // Cells have come or gone; what they say or print changes often.
    if (contentChanges.length > 0) this.onScope.fire();
  }

  private closeNotebook(notebook: vscode.NotebookDocument): void {
    const address = notebook.uri.toString();
    this.close(notebook.uri);
    this.notebooks.delete(address);
    const text = vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === address);
    if (text) this.open(text);
    this.onScope.fire();
  }

  /** Whether a text counts by itself. The text of a notebook that is open has the notebook's address, and its cells count. */
  private isOwn(document: vscode.TextDocument): boolean {
    return canBeMirrored(document) && !this.isNotebookText(document);
  }

  private notebookOf(document: vscode.TextDocument): NotebookSource | undefined {
    if (!isNotebookCell(document)) return undefined;
    return [...this.notebooks.values()].find((notebook) => notebook.has(document));
  }
}

/** Files and untitled buffers, also those of virtual workspaces, but not logs, diffs' other side or settings. */
function canBeMirrored({ uri }: Pick<vscode.TextDocument, "uri">): boolean {
  if (uri.scheme === "file" || uri.scheme === "untitled") return true;
  if (isNotebookCell({ uri }) || uri.scheme === "vscode-userdata") return false;
  return vscode.workspace.fs.isWritableFileSystem(uri.scheme) === true;
}

class TextDocumentSource implements MirrorSource {
  readonly uri: string;
  readonly languageId: string;
  readonly path?: string;
  readonly judgedPath: string;

  constructor(private readonly document: vscode.TextDocument) {
    this.uri = document.uri.toString();
    this.languageId = document.languageId;
    const path = pathForModel(document.uri);
    if (path !== undefined) this.path = path;
    this.judgedPath = pathToJudge(document.uri);
  }

  get version(): number {
    return this.document.version;
  }

  get length(): number {
    // Without asking for the text, which VS Code would put together from its lines.
    return this.document.offsetAt(this.document.lineAt(this.document.lineCount - 1).range.end);
  }

  getText(): string {
    return this.document.getText();
  }
}
