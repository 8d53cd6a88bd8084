// The commands that record typing for `griffin replay`. Off until the user starts one; while it runs, the status bar says
// so; it is written to the file that the user chooses at its end, and nowhere else.

import * as vscode from "vscode";
import type { Clock } from "../clock";
import { pathForModel, pathToJudge } from "../documentPath";
import type { DocumentSync } from "../documentSync";
import { refuseRecording, TypingRecorder } from "./typingRecorder";

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
    sync.onEdit.on(({ uri, edits }) => {
      if (uri === this.session?.document.uri.toString()) this.session.recorder.edited(this.clock.now(), edits);
    });
    this.subscriptions = [
      vscode.commands.registerCommand("griffin.recordTyping", () => this.start()),
      vscode.commands.registerCommand("griffin.stopRecordingTyping", () => this.stop()),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor, selections }) => {
        const { document } = textEditor;
        if (document !== this.session?.document || !selections[0]) return;
        this.session.recorder.cursorMoved(this.clock.now(), document.offsetAt(selections[0].active));
      }),
      vscode.workspace.onDidCloseTextDocument((document) => {
        if (document === this.session?.document) void this.stop();
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
      vscode.window.setStatusBarMessage("Griffin: open the file in which you will type first.", 4000);
      return;
    }
    const { document } = editor;
    if (this.sync.locate(document, editor.selection.active)?.uri !== document.uri.toString()) {
      void vscode.window.showErrorMessage(
        "Griffin: typing is recorded in files, not in a notebook's cells or in this kind of document. Open a file first.",
      );
      return;
    }
    const file = pathForModel(document.uri) ?? "untitled";
    const text = document.getText();
    const refusal = refuseRecording(pathToJudge(document.uri), text);
    if (refusal) {
      void vscode.window.showErrorMessage(`Griffin: this file is not recorded, because ${refusal}.`);
      return;
    }
    const cursor = document.offsetAt(editor.selection.active);
    const recorder = new TypingRecorder({ file, languageId: document.languageId, text }, cursor, this.clock.now());
    this.session = { document, recorder, item: recordingItem(file) };
    void vscode.commands.executeCommand("setContext", CONTEXT_KEY, true);
  }

  private async stop(): Promise<void> {
    const { session } = this;
    if (!session) return;
    this.session = undefined;
    session.item.dispose();
    void vscode.commands.executeCommand("setContext", CONTEXT_KEY, false);
    const { recorder } = session;
    if (recorder.refusal) {
      void vscode.window.showErrorMessage(`Griffin: the recording was thrown away, because ${recorder.refusal}.`);
      return;
    }
    const uri = await vscode.window.showSaveDialog({
      title: `Save ${recorder.keystrokes} recorded keystrokes, with the file's text`,
      filters: { Recording: ["jsonl"] },
    });
    if (uri) await vscode.workspace.fs.writeFile(uri, Buffer.from(recorder.toString()));
  }
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
