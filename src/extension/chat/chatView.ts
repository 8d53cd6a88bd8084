// The chat's view in the side bar: gives the page its files, and carries messages between it and the chat.

import * as vscode from "vscode";
import type { FromPage } from "../../protocol/webview";
import type { Chat } from "./chat";
import { chatHtml } from "./chatHtml";

export class ChatView implements vscode.WebviewViewProvider, vscode.Disposable {
  static readonly id = "griffin.chat";
  private view: vscode.WebviewView | undefined;
  /** It has come into sight where nobody was: VS Code shows it again in each window that it opens again. */
  private isUnseen = false;
  private readonly windowState: vscode.Disposable;

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly chat: Pick<Chat, "onToPage" | "onFromPage" | "opened" | "tellState">,
  ) {
    chat.onToPage.on((message) => void this.view?.webview.postMessage(message));
    this.windowState = vscode.window.onDidChangeWindowState(() => this.look());
  }

  dispose(): void {
    this.windowState.dispose();
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.view = view;
    this.cameIntoSight();
    const { webview } = view;
    const uriOf = (...path: string[]): vscode.Uri => vscode.Uri.joinPath(this.extensionUri, ...path);
    webview.options = { enableScripts: true, localResourceRoots: [uriOf("dist"), uriOf("media")] };
    webview.onDidReceiveMessage((message: FromPage) => {
      // In a browser, VS Code may not know that its window has the keyboard.
      if (message.type === "focused") this.seen();
      else this.chat.onFromPage.fire(message);
    });
    view.onDidChangeVisibility(() => {
      if (!view.visible) return;
      this.cameIntoSight();
      // A hidden page gets no messages, so it is told everything when it comes back.
      this.chat.tellState();
    });
    view.onDidDispose(() => {
      // The view may have been moved, and be there anew.
      if (this.view === view) this.view = undefined;
    });
    webview.html = chatHtml({
      cspSource: webview.cspSource,
      script: webview.asWebviewUri(uriOf("dist", "webview.js")).toString(),
      style: webview.asWebviewUri(uriOf("media", "chat.css")).toString(),
    });
  }

  private cameIntoSight(): void {
    this.isUnseen = true;
    this.look();
  }

  private look(): void {
    if (this.view?.visible && vscode.window.state.focused) this.seen();
  }

  private seen(): void {
    if (this.isUnseen) this.chat.opened();
    this.isUnseen = false;
  }
}
