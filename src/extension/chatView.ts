// The chat in the side bar: gives the page its files, and carries messages between it and the conversation.

import * as vscode from "vscode";
import type { ChatAvailability, FromPage, ToPage } from "../protocol/webview";
import { chatHtml } from "./chatHtml";
import { Conversation } from "./conversation";
import { Emitter } from "./emitter";
import type { EngineClient } from "./engineClient";
import type { EngineStatus, EngineSupervisor } from "./engineSupervisor";
import type { Log } from "./log";

export class ChatView implements vscode.WebviewViewProvider {
  static readonly id = "griffin.chat";
  readonly conversation: Conversation;
  readonly onToPage = new Emitter<ToPage>();
  readonly onFromPage = new Emitter<FromPage>();
  private view: vscode.WebviewView | undefined;

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly supervisor: EngineSupervisor,
    client: EngineClient,
    private readonly log: Log,
  ) {
    this.conversation = new Conversation(
      client,
      () => availabilityOf(supervisor.status),
      (message) => this.onToPage.fire(message),
    );
    this.onToPage.on((message) => void this.view?.webview.postMessage(message));
    this.onFromPage.on((message) => this.receive(message));
    supervisor.onStatus.on(() => this.conversation.tellState());
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.view = view;
    this.supervisor.start();
    const { webview } = view;
    const uriOf = (...path: string[]): vscode.Uri => vscode.Uri.joinPath(this.extensionUri, ...path);
    webview.options = { enableScripts: true, localResourceRoots: [uriOf("dist"), uriOf("media")] };
    webview.onDidReceiveMessage((message: FromPage) => this.onFromPage.fire(message));
    // A hidden page gets no messages, so it is told everything when it comes back.
    view.onDidChangeVisibility(() => view.visible && this.conversation.tellState());
    view.onDidDispose(() => {
      this.view = undefined;
    });
    webview.html = chatHtml({
      cspSource: webview.cspSource,
      script: webview.asWebviewUri(uriOf("dist", "webview.js")).toString(),
      style: webview.asWebviewUri(uriOf("media", "chat.css")).toString(),
    });
  }

  private receive(message: FromPage): void {
    switch (message.type) {
      case "ready":
        this.conversation.tellState();
        break;
      case "ask":
        void this.conversation.ask(message.text);
        break;
      case "stop":
        this.conversation.stop();
        break;
      case "clear":
        this.conversation.clear();
        break;
      case "openLink":
        void this.openLink(message.href);
        break;
    }
  }

  /** A model writes links that it has made up, so only the web's are followed, and VS Code asks before it goes there. */
  private async openLink(href: string): Promise<void> {
    if (!/^https?:\/\//i.test(href)) {
      this.log.warn("A link that does not lead to the web was not opened.");
      return;
    }
    await vscode.env.openExternal(vscode.Uri.parse(href, true));
  }
}

function availabilityOf(status: EngineStatus): ChatAvailability {
  switch (status.type) {
    case "ready":
      return {
        type: "ready",
        modelName: status.model.displayName,
        instructionTuned: status.model.instructionTuned,
      };
    case "failed":
      return { type: "unavailable", message: status.message };
    case "starting":
    case "stopped":
      return { type: "starting" };
  }
}
