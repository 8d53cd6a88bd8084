// The chat: asks what the user wants to know, with what is attached, tells the page all that it shows, and does what is asked
// for there or by a command. It does not know whether a page is there.

import * as vscode from "vscode";
import { REFUSALS, type Refusal } from "../../engine/files/refusal";
import { afterAwake } from "../../machine/awake";
import type { ChatAvailability, ChatChips, ChatRemedy, FromPage, ToPage } from "../../protocol/webview";
import type { Clock } from "../clock";
import { fileUriOf } from "../documents/documentPath";
import { Emitter } from "../emitter";
import type { EngineClient } from "../engineProcess/engineClient";
import type { EngineSupervisor } from "../engineProcess/engineSupervisor";
import type { Log } from "../log";
import { NewestOnly } from "../newestOnly";
import { openPlace } from "../openPlace";
import { lastSegment } from "../phrases";
import type { Reading } from "../repository/reading";
import type { RepositorySync } from "../repository/repositorySync";
import { offer, say, sayInPassing } from "../say";
import { remoteMachine } from "../secrets/remoteMachine";
import type { Store } from "../store";
import { type Answerer, STOPPED } from "./answerer";
import { Attachments, MOST_ATTACHMENTS } from "./attachments";
import { availabilityOf, REMEDY_COMMANDS } from "./availability";
import { applyCode, copyCode, insertCode } from "./codeBlocks";
import { Conversation } from "./conversation";
import type { Endpoint } from "./endpoint/address";
import type { ChatEndpoint } from "./endpoint/chatEndpoint";
import { EndpointFault } from "./endpoint/faults";
import { EngineAnswerer } from "./engineAnswerer";
import { ChatHistory } from "./history";
import { ProposedChanges } from "./proposedChanges";
import { selectedText, workspaceFile } from "./workspacePlaces";

/** As many as a list in the side bar can show. */
const MOST_FILES = 12;
/** A question waits no longer for a repository to be looked through; its answer then says that it was not. */
const LONGEST_LOOK_MS = 10_000;

/** What the page asks of the chat; the rest is its view's. */
export type ToChat = Exclude<FromPage, { readonly type: "focused" }>;

export interface ChatOptions {
  readonly supervisor: EngineSupervisor;
  readonly client: EngineClient;
  readonly endpoint: ChatEndpoint;
  readonly repository: RepositorySync;
  readonly reading: Reading;
  /** Keeps the conversation of this workspace, and whether it draws on the repository. */
  readonly store: Store;
  readonly log: Log;
  readonly clock: Clock;
}

export class Chat implements vscode.Disposable {
  readonly conversation: Conversation;
  readonly onToPage = new Emitter<ToPage>();
  readonly onFromPage = new Emitter<ToChat>();
  private readonly attachments: Attachments;
  private readonly changes: ProposedChanges;
  private readonly configuration: vscode.Disposable;
  /** Each letter asks, and in a large repository an answer takes longer than the next letter. */
  private readonly foundFiles = new NewestOnly<string>((query) => this.findFiles(query));

  constructor(private readonly options: ChatOptions) {
    const { client, store, supervisor, repository, log } = options;
    this.attachments = new Attachments(store, (sentence) => say(sentence, "warning"));
    this.changes = new ProposedChanges(log);
    this.conversation = new Conversation({
      engine: client,
      history: new ChatHistory(store, (sentence) => log.warn(sentence)),
      clock: options.clock,
      listener: {
        onEntries: () => this.tellState(),
        onText: (text) => this.onToPage.fire({ type: "text", text }),
        onAnswer: (entry, answering) => this.onToPage.fire({ type: "answer", entry, answering }),
      },
    });
    this.onFromPage.on((message) => void this.receive(message).catch((error) => this.explain(message, error)));
    supervisor.onStatus.on(() => this.tellState());
    repository.onPlan.on(() => this.tellState());
    // Also when trust is given to a workspace that sets an endpoint.
    this.configuration = vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("griffin.chat")) this.tellState();
    });
  }

  dispose(): void {
    this.changes.dispose();
    this.configuration.dispose();
  }

  /** Somebody sees the page: who opens the chat wants to ask, also where the model was unloaded. */
  opened(): void {
    this.options.supervisor.start();
  }

  /** Everything that the page shows. */
  tellState(): void {
    const { availability, chips, conversation } = this;
    const { entries, isAnswering: answering } = conversation;
    this.onToPage.fire({ type: "state", availability, entries, answering, chips });
  }

  async ask(text: string): Promise<void> {
    const { repository, attachments } = this.chips;
    const document = vscode.window.activeTextEditor?.document;
    const question = {
      text,
      attached: attachments.map(({ label }) => label),
      params: {
        useRepository: repository.isOn,
        attachments: this.attachments.all,
        ...(document && { near: fileUriOf(document).toString() }),
      },
    };
    const { destination } = this;
    await this.conversation.ask(question, async (signal) => {
      const answerer = await this.answererOnceReady(destination, repository.isOn, signal);
      const searched = this.options.reading.isLookedThrough ? "all" : "part";
      return { answerer, searched: repository.isOn ? searched : undefined };
    });
  }

  /** At once, and for as long as the message is there it can be taken back. */
  clear(): void {
    const restore = this.conversation.clear();
    if (restore === undefined) return;
    const undo = "Undo";
    void offer("The chat's history is cleared.", [undo]).then((chosen) => chosen === undo && restore());
  }

  /** Adds what is selected in the editor to the next question. */
  attachSelection(): void {
    const selected = selectedText();
    if (selected === undefined) {
      sayInPassing("Select some text in an editor first.");
      return;
    }
    if (selected.refused) {
      sayRefused(selected.name, selected.refused);
      return;
    }
    this.tellIfFull(this.attachments.addSelection(selected.place, selected.name, selected.text));
    this.tellState();
  }

  /** Adds files to the next question. */
  attachFiles(uris: readonly vscode.Uri[]): void {
    for (const uri of uris) {
      const file = workspaceFile(uri);
      if (file === undefined) sayInPassing(`${lastSegment(uri.path)} is not in an open folder of this machine.`);
      else if (file.isSecret) sayRefused(file.name, "secret");
      else if (!this.attachments.addFile(file)) {
        this.tellIfFull(false);
        break;
      }
    }
    this.tellState();
  }

  private tellIfFull(isTaken: boolean): void {
    if (isTaken) return;
    say(`A question takes ${MOST_ATTACHMENTS} attachments. Remove one of them first.`);
  }

  private get chips(): ChatChips {
    const { refusal } = this.options.repository.plan;
    const isOn = this.attachments.useRepository && refusal === undefined;
    const needsTrust = refusal !== undefined && !vscode.workspace.isTrusted && ({ needsTrust: true } as const);
    return { repository: { isOn, ...(refusal && { refusal }), ...needsTrust }, attachments: this.attachments.chips };
  }

  private get availability(): ChatAvailability {
    const { endpoint, supervisor } = this.options;
    return availabilityOf(supervisor.status, endpoint.current, remoteMachine()?.name);
  }

  /** Where a question goes that is asked now; undefined when it stays here. */
  private get destination(): Endpoint | undefined {
    const { current } = this.options.endpoint;
    return current instanceof EndpointFault ? undefined : current;
  }

  /**
   * Also an endpoint's questions need the engine, which finds what they are about.
   * @param shown where the question was to go when it was asked: it is sent nowhere else
   * @param usesRepository in which an engine that has been loaded just now, or to which much is new, has to look around first
   */
  private async answererOnceReady(
    shown: Endpoint | undefined,
    usesRepository: boolean,
    signal: AbortSignal,
  ): Promise<Answerer> {
    const { type } = await this.options.supervisor.started(signal);
    if (type === "ready" && usesRepository) await this.repositoryLookedThrough(signal);
    if (signal.aborted) return answeringNothing(STOPPED);
    const { availability, destination } = this;
    const { client, endpoint } = this.options;
    if (availability.type === "unavailable") return answeringNothing(availability.message);
    if (destination === undefined) {
      return new EngineAnswerer(client, availability.type === "ready" && !availability.instructionTuned);
    }
    if (destination.address === shown?.address) return endpoint.answererFor(destination);
    return answeringNothing(
      `This was not sent: the chat's endpoint became ${destination.name} while the question waited. Ask again to send it there.`,
    );
  }

  private async repositoryLookedThrough(signal: AbortSignal): Promise<void> {
    const enough = new AbortController();
    const cancelTimer = afterAwake(this.options.clock, LONGEST_LOOK_MS, () => enough.abort());
    await this.options.reading.waitUntilLookedThrough(AbortSignal.any([signal, enough.signal]));
    cancelTimer();
  }

  private async receive(message: ToChat): Promise<void> {
    switch (message.type) {
      case "ready":
        return this.tellState();
      case "ask":
        return this.ask(message.text);
      case "stop":
        return this.conversation.stop();
      case "openLink":
        return this.openLink(message.href);
      case "openPlace":
        await openPlace(message.place, this.options.log);
        return;
      case "findFiles":
        return this.foundFiles.request(message.query);
      case "attachFile":
        this.tellIfFull(this.attachments.addFile(message.file));
        return this.tellState();
      case "attachSelection":
        return this.attachSelection();
      case "detach":
        this.attachments.remove(message.id);
        return this.tellState();
      case "useRepository":
        this.attachments.useRepository = message.isOn;
        return this.tellState();
      case "manageTrust":
        await vscode.commands.executeCommand("workbench.trust.manage");
        return;
      case "changeAnswerer":
        return this.changeAnswerer();
      case "tryRemedy":
        return this.tryRemedy(message.remedy);
      case "copyCode":
        return copyCode(message.code);
      case "insertCode":
        return insertCode(message.code);
      case "applyCode":
        return applyCode(message.code, this.changes, this.options.client);
      default:
        message satisfies never;
    }
  }

  /** VS Code refuses some things, such as to edit in an editor that has just been closed; who clicked should hear of it. */
  private explain({ type }: ToChat, error: unknown): void {
    this.options.log.error(`The chat could not do what it was asked for (${type}): ${String(error)}`);
    sayInPassing('That did not work. "Griffin: Show Log" says why.');
  }

  private async changeAnswerer(): Promise<void> {
    if (this.options.endpoint.current === undefined) await vscode.commands.executeCommand("griffin.chooseModel");
    else await vscode.commands.executeCommand("griffin.openSettings", "griffin.chat");
  }

  /** What the page asks for is done only where the host has offered it. */
  private async tryRemedy(remedy: ChatRemedy): Promise<void> {
    const { availability } = this;
    if (availability.type !== "unavailable" || !availability.remedies.includes(remedy)) return;
    await vscode.commands.executeCommand(...REMEDY_COMMANDS[remedy]);
  }

  private async findFiles(query: string): Promise<void> {
    // A mention may be begun while the model is still being loaded.
    await this.options.supervisor.started();
    const result = await this.options.client.findFiles(query, MOST_FILES);
    // That nothing was looked for does not mean that there is no such file.
    if (result.type === "success") this.onToPage.fire({ type: "files", query, files: result.files });
  }

  /** A model writes links that it has made up, so only the web's are followed, and VS Code asks before it goes there. */
  private async openLink(href: string): Promise<void> {
    if (!/^https?:\/\//i.test(href)) {
      this.options.log.warn("A link that does not lead to the web was not opened.");
      return;
    }
    await vscode.env.openExternal(vscode.Uri.parse(href, true));
  }
}

/** @param note why not */
function answeringNothing(note: string): Answerer {
  return { isContinuation: false, answer: async () => ({ note }) };
}

function sayRefused(name: string, refusal: Refusal): void {
  say(`${name} is not shown to the model: ${REFUSALS[refusal]}.`, "error");
}
