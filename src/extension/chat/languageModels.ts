// The engine's model, offered to VS Code's own chat and to other extensions (vscode.lm). What they ask with is theirs:
// nothing of the repository is added.

import * as vscode from "vscode";
import { readModelFolder } from "../../engine/model/modelFolder";
import type { ChatTurn, ModelSummary } from "../../protocol/engine";
import { signalOf } from "../cancellation";
import type { EngineClient } from "../engineProcess/engineClient";
import type { EngineSupervisor } from "../engineProcess/engineSupervisor";

/** As in package.json, contributes.languageModelChatProviders. */
const VENDOR = "griffin-code";
const MOST_ANSWER_TOKENS = 1024;

type Messages = readonly vscode.LanguageModelChatRequestMessage[];

/** What is said of a model; the engine says it, too, once it has loaded it. */
type Offered = Omit<ModelSummary, "loadMs" | "residentBytes">;

export interface LanguageModelsParts {
  readonly supervisor: EngineSupervisor;
  readonly client: EngineClient;
  /** The folder of the model that is loaded when somebody asks. */
  readonly modelFolder: () => string;
}

export class LanguageModels implements vscode.LanguageModelChatProvider, vscode.Disposable {
  readonly onDidChangeLanguageModelChatInformation: vscode.Event<void>;
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly subscriptions: (vscode.Disposable | undefined)[];

  constructor(private readonly parts: LanguageModelsParts) {
    this.onDidChangeLanguageModelChatInformation = this.changed.event;
    parts.supervisor.onStatus.on(() => this.changed.fire());
    this.subscriptions = [
      // While no engine is there, nothing else says that another model would be loaded.
      vscode.workspace.onDidChangeConfiguration(
        (event) => event.affectsConfiguration("griffin.model.path") && this.changed.fire(),
      ),
      // Editors that are built from VS Code may leave it out.
      vscode.lm?.registerLanguageModelChatProvider?.(VENDOR, this),
    ];
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription?.dispose();
    this.changed.dispose();
  }

  /** The one model that is loaded, or would be. A user who asks for the list has the engine started. */
  async provideLanguageModelChatInformation({
    silent,
  }: vscode.PrepareLanguageModelChatModelOptions): Promise<vscode.LanguageModelChatInformation[]> {
    if (!silent) this.parts.supervisor.start();
    const model = await this.model();
    if (model === undefined) return [];
    const { name, displayName, instructionTuned, contextTokens } = model;
    const detail = instructionTuned ? "on this machine" : "on this machine; continues text, was not trained to answer";
    return [
      {
        id: name,
        name: displayName,
        family: name,
        version: "1",
        detail,
        // The answer's tokens come off those that the model was trained to see at once.
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
    const signal = signalOf(token);
    await this.ready(signal);
    const result = await this.parts.client.chat(
      {
        turns: turnsOf(messages),
        maxTokens: MOST_ANSWER_TOKENS,
        earlierTokens: maxInputTokens,
        useRepository: false,
        attachments: [],
      },
      {
        onFindings: () => {},
        onContext: () => {},
        onText: (text) => progress.report(new vscode.LanguageModelTextPart(text)),
      },
      signal,
    );
    if (result.type === "failed") throw new Error(result.message);
  }

  async provideTokenCount(
    _model: vscode.LanguageModelChatInformation,
    text: string | vscode.LanguageModelChatRequestMessage,
  ): Promise<number> {
    await this.ready();
    const result = await this.parts.client.countTokens(typeof text === "string" ? text : textOf(text));
    if (result.type !== "success") throw new Error(result.type === "failed" ? result.message : result.reason);
    return result.count;
  }

  /**
   * Also while no engine is there, as in a window that has just been opened: who has chosen it would be given another model without
   * a word, one elsewhere perhaps. Undefined: there is none that could answer.
   */
  private async model(): Promise<Offered | undefined> {
    const { status } = this.parts.supervisor;
    if (status.type === "ready") return status.model;
    if (status.type === "failed") return undefined;
    try {
      const { name, displayName, trained } = await readModelFolder(this.parts.modelFolder());
      return { name, displayName, instructionTuned: trained.instructions, contextTokens: trained.contextTokens };
    } catch {
      // The engine says what is wrong with it, when it is to load it.
      return undefined;
    }
  }

  /** Starts the engine where it rests, and waits for its model. Rejects with a sentence when there will be none. */
  private async ready(signal?: AbortSignal): Promise<void> {
    const status = await this.parts.supervisor.started(signal);
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
