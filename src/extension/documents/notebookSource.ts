// A notebook as the engine sees it: its code cells, one after the other, as one document.
//
// So a cell is completed with the cells above it in mind. Cells come, go and move: then the edit that is passed on is the
// difference between the joined texts.

import * as vscode from "vscode";
import type { DocumentPlace, TextEdit } from "../../protocol/engine";
import { applyEdits, editBetween } from "../../text/edit";
import { CELL_SEPARATOR } from "../../text/notebookCells";
import type { MirrorSource } from "./documentMirror";
import { pathForModel, pathToJudge } from "./documentPath";

/** Edits of one cell, each of which applies to the result of the one before it. */
export interface CellEdits {
  readonly document: vscode.TextDocument;
  readonly edits: readonly TextEdit[];
}

interface JoinedCell {
  readonly document: vscode.TextDocument;
  /** Where it begins in the joined text. */
  readonly start: number;
}

export class NotebookSource implements MirrorSource {
  readonly uri: string;
  readonly languageId: string;
  readonly path?: string;
  readonly judgedPath: string;
  version = 1;
  private text = "";
  private cells: readonly JoinedCell[] = [];

  constructor(private readonly notebook: vscode.NotebookDocument) {
    this.uri = notebook.uri.toString();
    this.join();
    // One that is still empty will hold Python: its language is told once.
    this.languageId = this.cells[0]?.document.languageId ?? "python";
    const path = pathForModel(notebook.uri);
    if (path !== undefined) this.path = path;
    this.judgedPath = pathToJudge(notebook.uri);
  }

  get length(): number {
    return this.text.length;
  }

  getText(): string {
    return this.text;
  }

  has(document: vscode.TextDocument): boolean {
    return this.startOf(document) !== undefined;
  }

  /**
   * Takes over the notebook's present text; returns the edits that do the same.
   * @param made what was done to one of the cells, in its own offsets
   */
  update(made?: CellEdits): readonly TextEdit[] {
    const { text } = this;
    const start = made && this.startOf(made.document);
    this.join();
    const edit = editBetween(text, this.text);
    if (edit === undefined) return [];
    this.version++;
    if (made === undefined || start === undefined) return [edit];
    // Of two equal characters the difference does not say which one was typed. But more may have changed than this cell.
    const edits = made.edits.map(({ offset, ...rest }) => ({ offset: start + offset, ...rest }));
    return applyEdits(text, edits) === this.text ? edits : [edit];
  }

  locate(document: vscode.TextDocument, offset: number): DocumentPlace | undefined {
    const start = this.startOf(document);
    if (start === undefined) return undefined;
    const cellRest = document.getText().length - offset;
    return { uri: this.uri, version: this.version, offset: start + offset, cellRest };
  }

  private startOf(document: vscode.TextDocument): number | undefined {
    return this.cells.find((cell) => cell.document === document)?.start;
  }

  private join(): void {
    const cells: JoinedCell[] = [];
    let text = "";
    for (const { kind, document } of this.notebook.getCells()) {
      if (kind !== vscode.NotebookCellKind.Code) continue;
      if (cells.length > 0) text += CELL_SEPARATOR;
      cells.push({ document, start: text.length });
      text += document.getText();
    }
    this.cells = cells;
    this.text = text;
  }
}
