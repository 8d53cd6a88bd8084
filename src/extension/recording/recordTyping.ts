// The commands that record typing for `griffin replay`. Off until the user starts one; while it runs, the status bar says
// so; it is written to the file that the user chooses at its end, and nowhere else.

import * as vscode from "vscode";
import type { Clock } from "../clock";
import { pathForModel, pathToJudge } from "../documents/documentPath";
import type { DocumentSync } from "../documents/documentSync";
import { indentUnitOf } from "../documents/indentUnit";
import { count } from "../phrases";
import { ask, offer, say, sayInPassing } from "../say";
import { MOST_EVENTS, refuseRecording, TypingRecorder } from "./typingRecorder";

/** Disables one of the two commands. */
const CONTEXT_KEY = "griffin.isRecordingTyping";

interface Session {
  readonly document: vscode.TextDocument;
  readonly recorder: TypingRecorder;
  readonly item: vscode.StatusBarItem;
}

export class RecordTyping implements vscode.Disposable {
  private readonly subscriptions: vscode.Disposable[];
  private session: Session | undefined;

  constructor(
    private readonly sync: DocumentSync,
    private readonly clock: Clock,
  ) {
    // VS Code keeps the key when the extension host has ended and is started again, and the recording is gone by then.
    setContext(false);
    sync.onEdit.on(({ uri, edits }) => this.record(uri, (recorder) => recorder.edited(this.clock.now(), edits)));
    this.subscriptions = [
      vscode.commands.registerCommand("griffin.recordTyping", () => this.start()),
      vscode.commands.registerCommand("griffin.stopRecordingTyping", () => this.stop()),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor, selections }) => {
        const { document } = textEditor;
        const [first] = selections;
        if (document !== this.session?.document || !first) return;
        const cursor = document.offsetAt(first.active);
        this.record(document.uri.toString(), (recorder) => recorder.cursorMoved(this.clock.now(), cursor));
      }),
      vscode.workspace.onDidCloseTextDocument((document) => {
        // VS Code also says this of a document whose language changes, and which stays.
        const isGone = !vscode.workspace.textDocuments.includes(document);
        if (document === this.session?.document && isGone) void this.stop();
      }),
    ];
  }

  /** A recording that is under way is lost: VS Code waits for nobody. */
  dispose(): void {
    this.session?.item.dispose();
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private start(): void {
    const editor = vscode.window.activeTextEditor;
    if (this.session) return;
    if (!editor) {
      sayInPassing("Open the file in which you will type first.");
      return;
    }
    const { document } = editor;
    if (this.sync.locate(document, editor.selection.active)?.uri !== document.uri.toString()) {
      say(
        "Typing is recorded in files, not in a notebook's cells or in this kind of document. Open a file first.",
        "error",
      );
      return;
    }
    const file = pathForModel(document.uri) ?? "untitled";
    const text = document.getText();
    const refusal = refuseRecording(pathToJudge(document.uri), text);
    if (refusal) {
      say(`This file is not recorded, because ${refusal}.`, "error");
      return;
    }
    const cursor = document.offsetAt(editor.selection.active);
    const indentUnit = indentUnitOf(document);
    const header = { file, languageId: document.languageId, ...(indentUnit !== undefined && { indentUnit }), text };
    const recorder = new TypingRecorder(header, cursor, this.clock.now());
    this.session = { document, recorder, item: recordingItem(file) };
    setContext(true);
  }

  private record(uri: string, add: (recorder: TypingRecorder) => void): void {
    const { session } = this;
    if (!session || session.recorder.isFull || session.document.uri.toString() !== uri) return;
    add(session.recorder);
    if (session.recorder.isFull) void this.tellFull(session);
  }

  private async tellFull(session: Session): Promise<void> {
    const full = `The recording is full (${count(MOST_EVENTS, "event")}), so what is typed now is not recorded`;
    session.item.text = "$(record) Recording is full";
    session.item.tooltip = `Griffin: ${full}. Click to save it or not.`;
    const stop = "Stop and Save";
    const chosen = await offer(`${full}.`, [stop]);
    if (chosen === stop && this.session === session) await this.stop();
  }

  private async stop(): Promise<void> {
    const { session } = this;
    if (!session) return;
    this.session = undefined;
    session.item.dispose();
    setContext(false);
    const { recorder } = session;
    if (recorder.refusal) {
      say(`The recording was thrown away, because ${recorder.refusal}.`, "error");
      return;
    }
    await save(recorder);
  }
}

/** Asks until it is written, or not wanted any more: what cannot be written in one place may be in another. */
async function save(recorder: TypingRecorder): Promise<void> {
  for (;;) {
    const uri = await vscode.window.showSaveDialog({
      title: `Save ${count(recorder.keystrokes, "recorded keystroke")}, with the file's text`,
      filters: { Recording: ["jsonl"] },
    });
    if (!uri) return;
    try {
      return await vscode.workspace.fs.writeFile(uri, Buffer.from(recorder.toString()));
    } catch (error) {
      const elsewhere = "Save Elsewhere";
      const text = `Griffin: The recording could not be written. ${(error as Error).message}`;
      const detail = "It is lost if it is not saved now.";
      if ((await ask(text, detail, [elsewhere], "error")) !== elsewhere) return;
    }
  }
}

function setContext(isRecording: boolean): void {
  void vscode.commands.executeCommand("setContext", CONTEXT_KEY, isRecording);
}

function recordingItem(file: string): vscode.StatusBarItem {
  const item = vscode.window.createStatusBarItem("griffin.recording", vscode.StatusBarAlignment.Right, 101);
  item.name = "Griffin Code: recording";
  item.text = "$(record) Recording typing";
  item.tooltip = `Griffin records what is typed in ${file}, in memory only. Click to stop, and to save it or not.`;
  item.backgroundColor = new vscode.ThemeColor("statusBarItem.warningBackground");
  item.command = "griffin.stopRecordingTyping";
  item.show();
  return item;
}
