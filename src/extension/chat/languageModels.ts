// The engine's model, offered to VS Code's own chat and to other extensions (vscode.lm). What they ask with is theirs:
// nothing of the repository is added.

import * as vscode from "vscode";
import type { ChatTurn, ModelSummary } from "../../protocol/engine";
import type { EngineClient } from "../engineProcess/engineClient";
import type { EngineSupervisor } from "../engineProcess/engineSupervisor";

/** As in package.json, contributes.languageModelChatProviders. */
const VENDOR = "griffin-code";
const MOST_ANSWER_TOKENS = 1024;

type Messages = readonly vscode.LanguageModelChatRequestMessage[];

export class LanguageModels implements vscode.LanguageModelChatProvider, vscode.Disposable {
  readonly onDidChangeLanguageModelChatInformation: vscode.Event<void>;
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly registration: vscode.Disposable | undefined;
  /** Also while the engine rests: who has chosen it would be given another model, and a new choice would be kept. */
  private known: ModelSummary | undefined;

  constructor(
    private readonly supervisor: EngineSupervisor,
    private readonly client: EngineClient,
  ) {
    this.onDidChangeLanguageModelChatInformation = this.changed.event;
    supervisor.onStatus.on((status) => {
      if (status.type === "ready") this.known = status.model;
      if (status.type === "failed") this.known = undefined;
      this.changed.fire();
    });
    // Editors that are built from VS Code may leave it out.
    this.registration = vscode.lm?.registerLanguageModelChatProvider?.(VENDOR, this);
  }

  dispose(): void {
    this.registration?.dispose();
    this.changed.dispose();
  }

  /** The one model that is loaded, or was until the engine came to rest. A user who asks for the list has the engine started. */
  provideLanguageModelChatInformation({
    silent,
  }: vscode.PrepareLanguageModelChatModelOptions): vscode.LanguageModelChatInformation[] {
    if (!silent) this.supervisor.start();
    if (this.known === undefined) return [];
    const { name, displayName, instructionTuned, contextTokens } = this.known;
    const detail = instructionTuned ? "on this machine" : "on this machine; continues text, was not trained to answer";
    return [
      {
        id: name,
        name: displayName,
        family: name,
        version: "1",
        detail,
        // What the answer leaves of what the model was trained for.
        maxInputTokens: Math.max(0, contextTokens - MOST_ANSWER_TOKENS),
        maxOutputTokens: MOST_ANSWER_TOKENS,
        capabilities: {},
      },
    ];
  }

  async provideLanguageModelChatResponse(
    { maxInputTokens }: vscode.LanguageModelChatInformation,
    messages: Messages,
    _options: vscode.ProvideLanguageModelChatResponseOptions,
    progress: vscode.Progress<vscode.LanguageModelResponsePart>,
    token: vscode.CancellationToken,
  ): Promise<void> {
    const answer = new AbortController();
    const subscription = token.onCancellationRequested(() => answer.abort());
    try {
      await this.ready(answer.signal);
      const result = await this.client.chat(
        {
          turns: turnsOf(messages),
          maxTokens: MOST_ANSWER_TOKENS,
          earlierTokens: maxInputTokens,
          useRepository: false,
          attachments: [],
        },
        { onContext: () => {}, onText: (text) => progress.report(new vscode.LanguageModelTextPart(text)) },
        answer.signal,
      );
      if (result.type === "failed") throw new Error(result.message);
    } finally {
      subscription.dispose();
    }
  }

  async provideTokenCount(
    _model: vscode.LanguageModelChatInformation,
    text: string | vscode.LanguageModelChatRequestMessage,
  ): Promise<number> {
    await this.ready(new AbortController().signal);
    const result = await this.client.countTokens(typeof text === "string" ? text : textOf(text));
    if (result.type !== "success") throw new Error(result.type === "failed" ? result.message : result.reason);
    return result.count;
  }

  /** Starts the engine where it rests, and waits for its model. Rejects with a sentence when there will be none. */
  private async ready(signal: AbortSignal): Promise<void> {
    const status = await this.supervisor.started(signal);
    if (status.type === "failed") throw new Error(status.message);
  }
}

/** Turns as the model knows them: one after the other, the last one the user's. */
function turnsOf(messages: Messages): ChatTurn[] {
  const turns: ChatTurn[] = [];
  for (const message of messages) {
    const role = message.role === vscode.LanguageModelChatMessageRole.Assistant ? "model" : "user";
    const text = textOf(message);
    const last = turns.at(-1);
    if (last?.role === role) turns[turns.length - 1] = { role, text: `${last.text}\n\n${text}` };
    else turns.push({ role, text });
  }
  return turns;
}

function textOf({ content }: vscode.LanguageModelChatRequestMessage): string {
  return content.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : "")).join("");
}
