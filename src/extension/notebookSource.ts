// A notebook as the engine sees it: its code cells, one after the other, as one document.
//
// So a cell is completed with the cells above it in mind. Cells come, go and move; whatever happened, the edit that is
// passed on is the difference between the joined texts.

import * as vscode from "vscode";
import type { TextEdit } from "../protocol/engine";
import { editBetween } from "../text/edit";
import type { MirrorPlace, MirrorSource } from "./documentMirror";
import { pathForModel, pathToJudge } from "./documentPath";

const CELL_SEPARATOR = "\n\n";

export class NotebookSource implements MirrorSource {
  readonly uri: string;
  readonly languageId: string;
  readonly path?: string;
  readonly judgedPath: string;
  version = 1;
  private text: string;

  constructor(private readonly notebook: vscode.NotebookDocument) {
    this.uri = notebook.uri.toString();
    // One that is still empty will hold Python: its language is told once.
    this.languageId = this.codeCells()[0]?.document.languageId ?? "python";
    const path = pathForModel(notebook.uri);
    if (path !== undefined) this.path = path;
    this.judgedPath = pathToJudge(notebook.uri);
    this.text = this.join();
  }

  get length(): number {
    return this.text.length;
  }

  getText(): string {
    return this.text;
  }

  has(document: vscode.TextDocument): boolean {
    return this.codeCells().some((cell) => cell.document === document);
  }

  /** Takes over the notebook's present text; returns the edits that do the same. */
  update(): TextEdit[] {
    const text = this.join();
    const edit = editBetween(this.text, text);
    if (!edit) return [];
    this.text = text;
    this.version++;
    return [edit];
  }

  locate(document: vscode.TextDocument, offset: number): MirrorPlace | undefined {
    const cells = this.codeCells();
    const index = cells.findIndex((cell) => cell.document === document);
    if (index < 0) return undefined;
    const before = cells.slice(0, index).map((cell) => cell.document.getText() + CELL_SEPARATOR);
    const cellRest = document.getText().length - offset;
    return { uri: this.uri, version: this.version, offset: before.join("").length + offset, cellRest };
  }

  private join(): string {
    return this.codeCells()
      .map((cell) => cell.document.getText())
      .join(CELL_SEPARATOR);
  }

  private codeCells(): vscode.NotebookCell[] {
    return this.notebook.getCells().filter((cell) => cell.kind === vscode.NotebookCellKind.Code);
  }
}
