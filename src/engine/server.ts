// Messages to work and results to messages: the only engine file that speaks the protocol.
//
// Edits are applied as they arrive, in order; a request therefore sees exactly the edits sent before it.

import { join } from "node:path";
import {
  type ChatContext,
  type ChatParams,
  type ChatQuestion,
  type CompleteParams,
  type CompletionReport,
  type EngineMessage,
  type HostMessage,
  type LogLevel,
  type Offset,
  PROTOCOL_VERSION,
} from "../protocol/engine";
import { Chatter } from "./chat/chatter";
import { rankPaths } from "./chat/findFiles";
import { nameOf } from "./chat/sources";
import { Completer } from "./completion/completer";
import { CompletionQueue } from "./completion/completionQueue";
import { Documents, type MirroredDocument } from "./documents";
import { REFUSALS } from "./files/refusal";
import { isSecretPath } from "./files/secretNames";
import { type LanguageModel, loadLanguageModel } from "./model/languageModel";
import { modelBytes } from "./model/modelFolder";
import { Cancelled, type ModelAccess } from "./modelAccess";
import { Repository } from "./repository/repository";
import { type Job, Scheduler } from "./scheduler";
import { definedLines } from "./snippets/definedLines";
import { SHARED_OUTLINER } from "./snippets/outline";
import { describeTuning } from "./tuning/describe";
import { learn } from "./tuning/learn";
import { measureInChild, tryInChild } from "./tuning/tryProviders";

/** Documents whose states are kept; the least recently used one loses them first. */
const KEPT_COMPLETERS = 4;
/** Of one change, edits whose places are remembered: "Replace All" may make thousands, and says nothing of where the user is. */
const RECORDED_EDITS = 8;

/** What there is once the model is loaded. */
interface Services {
  readonly completers: CompleterCache;
  readonly chatter: Chatter;
  readonly repository: Repository;
}

export class EngineServer {
  readonly #scheduler = new Scheduler();
  readonly #queue = new CompletionQueue(this.#scheduler);
  readonly #documents = new Documents();
  /** By the id of the request that each works for. */
  readonly #jobs = new Map<number, Job<unknown>>();
  #lm: LanguageModel | undefined;
  #services: Services | undefined;
  #lastCompletion: CompletionReport | undefined;
  #ending: Promise<void> | undefined;

  constructor(
    private readonly send: (message: EngineMessage, whenSent?: () => void) => void,
    private readonly exit: (code: number) => void,
  ) {}

  hello(): void {
    this.send({ type: "hello", protocolVersion: PROTOCOL_VERSION });
  }

  receive(message: HostMessage): void {
    switch (message.type) {
      case "start":
        void this.#start(message);
        break;
      case "open":
        this.#documents.open(message);
        break;
      case "change":
        this.#change(message.uri, message.version, message.edits);
        break;
      case "close":
        this.#documents.close(message.uri);
        this.#services?.completers.forget(message.uri);
        break;
      case "workspace":
        void this.#services?.repository.open(message);
        break;
      case "filesChanged":
        void this.#services?.repository.filesChanged(message.paths);
        break;
      case "viewed":
        this.#services?.repository.recordView(message.uri, message.startLine, message.endLine);
        break;
      case "pauseReading":
        this.#services?.repository.setPaused(message.reason);
        break;
      case "useSource":
        void this.#services?.repository.setEnabled(message.source, message.isEnabled);
        break;
      case "report":
        this.#report(message.id);
        break;
      case "clearStates":
        void this.#clearStates(message.id);
        break;
      case "importState":
        void this.#importState(message.id, message.folder, message.file);
        break;
      case "complete":
        void this.#complete(message.id, message.params);
        break;
      case "alternatives":
        void this.#alternatives(message.id, message.params, message.withinMs);
        break;
      case "prepare":
        void this.#prepare(message.uri, message.version, message.offset);
        break;
      case "chat":
        void this.#chat(message.id, message.params);
        break;
      case "chatMessages":
        void this.#chatMessages(message.id, message.question);
        break;
      case "checkCitations":
        this.#checkCitations(message.id, message.answer);
        break;
      case "findFiles":
        this.#findFiles(message.id, message.query, message.limit);
        break;
      case "findDefinitions":
        void this.#findDefinitions(message);
        break;
      case "countTokens":
        void this.#countTokens(message.id, message.text);
        break;
      case "cancel":
        this.#cancel(message.id);
        break;
      case "shutdown":
        this.#ending ??= this.#shutdown();
        break;
    }
  }

  async #start(message: HostMessage & { type: "start" }): Promise<void> {
    if (message.protocolVersion !== PROTOCOL_VERSION) {
      this.send({
        type: "failed",
        message:
          `The extension speaks protocol ${message.protocolVersion} and the engine ${PROTOCOL_VERSION}: ` +
          "two versions are mixed. Reload the window.",
      });
      return;
    }
    const began = performance.now();
    try {
      const lm = await loadLanguageModel(message.modelFolder, {
        ...message.options,
        onLost: (error) => this.#lost(error),
      });
      this.#lm = lm;
      this.#services = this.#servicesOf(lm);
      const { name, displayName, trained } = lm.about;
      const loadMs = performance.now() - began;
      const { instructions: instructionTuned, contextTokens } = trained;
      this.send({ type: "ready", model: { name, displayName, instructionTuned, contextTokens, loadMs } });
      this.#learn(lm, message.options.threads);
    } catch (error) {
      this.send({ type: "failed", message: (error as Error).message });
    }
  }

  /** Ends: the next process has a new device, or runs the model on the processor if there is none. */
  #lost({ message }: Error): void {
    const text = `The graphics card does not run the model any more, so the engine starts again: ${message}`;
    this.send({ type: "log", level: "error", message: text }, () => this.exit(1));
  }

  /** Measures in a quiet moment what is not known of this machine: it is used from the next start on. */
  #learn({ about, tuning }: LanguageModel, threads: number): void {
    if (tuning === undefined) return;
    const say = () => this.#log("info", describeTuning(tuning));
    say();
    void learn({
      tuning,
      modelBytes: modelBytes(about),
      measure: () => measureInChild(__dirname, about.folder, threads),
      tryProvider: tryInChild(__dirname, about.folder),
      onLearned: say,
    });
  }

  #servicesOf(lm: LanguageModel): Services {
    const repository = new Repository({
      lm,
      background: (priority, work) => this.#scheduler.start(priority, work).end,
      onProgress: (progress) => this.send({ type: "reading", progress }),
      log: (level, message) => this.#log(level, message),
    });
    const completers = new CompleterCache((uri) => {
      return new Completer({
        lm,
        repository: () => repository.contextOf(uri),
        onReport: (report) => {
          this.#lastCompletion = report;
        },
      });
    });
    const chatter = new Chatter({
      lm,
      folders: (near) => repository.folders(near),
      openText: (folder, path) => this.#documents.ofFile(join(folder, path))?.text,
      refusalElsewhere: (folder, path) => repository.refusalElsewhere(folder, path),
    });
    return { completers, chatter, repository };
  }

  #change(uri: string, version: number, edits: (HostMessage & { type: "change" })["edits"]): void {
    const document = this.#documents.get(uri);
    if (document === undefined) this.#log("warn", `A change came for a document that is not open: ${uri}`);
    else {
      document.change(version, edits);
      for (const edit of edits.slice(-RECORDED_EDITS)) {
        this.#services?.repository.recordEdit(uri, document.text, edit);
      }
    }
  }

  #report(id: number): void {
    const sources = this.#services?.repository.report() ?? NOTHING_READ;
    const completion = this.#lastCompletion === undefined ? {} : { completion: this.#lastCompletion };
    this.send({ type: "reportResult", id, report: { ...sources, ...completion } });
  }

  #clearStates(id: number): Promise<void> {
    return this.#answer("clearStatesResult", id, async ({ repository }) => ({
      type: "success",
      ...(await repository.clear()),
    }));
  }

  #importState(id: number, folder: string, file: string): Promise<void> {
    return this.#answer("importStateResult", id, async ({ repository }) => ({
      type: "success",
      ...(await repository.importState(folder, file)),
    }));
  }

  #complete(id: number, params: CompleteParams): Promise<void> {
    const onText = (text: string) => this.send({ type: "completeText", id, text });
    return this.#answer("completeResult", id, async ({ completers }) => {
      const found = this.#find(completers, params);
      if ("stale" in found) return { type: "stale", reason: found.stale };
      const work = (access: ModelAccess) => found.completer.complete(found.document, params, access, onText);
      return this.#endOf(id, this.#queue.complete(params.isSpeculative === true, work));
    });
  }

  #alternatives(id: number, params: CompleteParams, withinMs: number): Promise<void> {
    return this.#answer("alternativesResult", id, async ({ completers }) => {
      const found = this.#find(completers, params);
      if ("stale" in found) return { type: "stale", reason: found.stale };
      const work = (access: ModelAccess) => found.completer.alternatives(found.document, params, withinMs, access);
      return this.#endOf(id, this.#scheduler.start("completion", work));
    });
  }

  #chat(id: number, params: ChatParams): Promise<void> {
    const listener = {
      onContext: (context: ChatContext) => this.send({ type: "chatContext", id, context }),
      onText: (text: string) => this.send({ type: "chatText", id, text }),
    };
    return this.#answer("chatResult", id, ({ chatter }) => {
      const work = (access: ModelAccess) => chatter.answer(params, listener, access);
      return this.#endOf(id, this.#scheduler.start("chat", work));
    });
  }

  #chatMessages(id: number, question: ChatQuestion): Promise<void> {
    return this.#answer("chatMessagesResult", id, ({ chatter }) => chatter.messagesFor(question));
  }

  #checkCitations(id: number, answer: string): void {
    this.send({ type: "checkCitationsResult", id, citations: this.#services?.chatter.citationsIn(answer) ?? [] });
  }

  #findFiles(id: number, query: string, limit: number): void {
    const folders = this.#services?.repository.folders() ?? [];
    const all = folders.flatMap((folder) =>
      folder.paths().map((path) => ({ folder: folder.folder.path, path, name: nameOf(path, folder, folders) })),
    );
    this.send({ type: "findFilesResult", id, files: rankPaths(all, ({ name }) => name, query, limit) });
  }

  async #findDefinitions({ id, path, languageId, text }: HostMessage & { type: "findDefinitions" }): Promise<void> {
    // Whoever asks can do without: a grammar that cannot be loaded is said where the repository is read.
    const definitions = await definedLines(SHARED_OUTLINER, path, languageId, text).catch(() => []);
    this.send({ type: "findDefinitionsResult", id, definitions });
  }

  async #countTokens(id: number, text: string): Promise<void> {
    const count = (await this.#lm?.tokenizer.encode(text))?.length ?? 0;
    this.send({ type: "countTokensResult", id, count });
  }

  async #prepare(uri: string, version: number, offset: Offset): Promise<void> {
    if (this.#services === undefined) return;
    const found = this.#find(this.#services.completers, { uri, version });
    if ("stale" in found) return;
    await this.#settled(this.#queue.prepare((access) => found.completer.prepare(found.document, offset, access)));
  }

  #cancel(id: number): void {
    this.#jobs.get(id)?.cancel("cancelled");
  }

  async #shutdown(): Promise<void> {
    this.#services?.repository.close();
    // What is left to do must not wait for runs of the model: whoever asked for this does not wait long.
    this.#scheduler.close("the engine ends");
    await this.#lm?.model.dispose();
    this.exit(0);
  }

  /** What completes in a document, if it is as the requester sees it. */
  #find(
    completers: CompleterCache,
    { uri, version }: Pick<CompleteParams, "uri" | "version">,
  ): FoundDocument | { readonly stale: string } {
    const document = this.#documents.get(uri);
    if (document === undefined) return { stale: "the document is not open in the engine" };
    if (isSecretPath(document.path ?? "")) return { stale: `${REFUSALS.secret}, so the model does not read it` };
    if (document.version !== version) {
      return { stale: `the engine has version ${document.version} of the document, not ${version}` };
    }
    return { document, completer: completers.of(uri) };
  }

  /** Answers a request with the result of `work`, or with what went wrong: a sentence for the user. */
  async #answer<T extends Answer["type"]>(
    type: T,
    id: number,
    work: (services: Services) => Promise<ResultOf<T> | Ended>,
  ): Promise<void> {
    this.send({ type, id, result: await this.#attempt(work) } as Answer);
  }

  async #attempt<R>(work: (services: Services) => Promise<R>): Promise<R | Ended> {
    if (this.#services === undefined) {
      return { type: "failed", message: "The model is not loaded yet. Try again in a moment." };
    }
    try {
      return await work(this.#services);
    } catch (error) {
      return { type: "failed", message: (error as Error).message };
    }
  }

  /** The end of a request's job, which can be cancelled by the request's id. */
  async #endOf<R>(id: number, job: Job<R>): Promise<R | Ended> {
    this.#jobs.set(id, job);
    const result = await this.#settled(job);
    this.#jobs.delete(id);
    return result;
  }

  /** The end of a job, whatever it is, as a value. */
  async #settled<R>(job: Job<R>): Promise<R | Ended> {
    try {
      return await job.end;
    } catch (error) {
      if (error instanceof Cancelled) return { type: "cancelled", reason: error.reason };
      const { message, stack } = error as Error;
      this.#log("error", stack ?? message);
      return { type: "failed", message: `The model could not run: ${message}` };
    }
  }

  #log(level: LogLevel, message: string): void {
    this.send({ type: "log", level, message });
  }
}

interface FoundDocument {
  readonly document: MirroredDocument;
  readonly completer: Completer;
}

/** What ends a request. */
type Answer = Extract<EngineMessage, { readonly result: unknown }>;
type ResultOf<T extends Answer["type"]> = Extract<Answer, { readonly type: T }>["result"];

type Ended =
  | { readonly type: "cancelled"; readonly reason: string }
  | { readonly type: "failed"; readonly message: string };

const NOTHING_READ = { trunk: true, snippets: true, memory: true, folders: [] };

/** One completer for each of the documents that were completed in last. Only the last one may go back cheaply. */
class CompleterCache {
  readonly #completers = new Map<string, Completer>();
  #latest: Completer | undefined;

  constructor(private readonly make: (uri: string) => Completer) {}

  of(uri: string): Completer {
    const completer = this.#completers.get(uri) ?? this.make(uri);
    if (completer !== this.#latest) this.#latest?.shrink();
    this.#latest = completer;
    this.#completers.delete(uri);
    this.#completers.set(uri, completer);
    if (this.#completers.size > KEPT_COMPLETERS) {
      const [oldest] = this.#completers.keys();
      this.#completers.delete(oldest!);
    }
    return completer;
  }

  forget(uri: string): void {
    if (this.#latest !== undefined && this.#latest === this.#completers.get(uri)) this.#latest = undefined;
    this.#completers.delete(uri);
  }
}
