// Messages to work and results to messages: the only file of the engine that receives and sends them.
//
// Edits are applied as they arrive, in order; a request therefore sees exactly the edits sent before it.

import { join } from "node:path";
import { memoryUsage } from "node:process";
import {
  type ChatContext,
  type ChatFindings,
  type CompleteParams,
  type CompletionReport,
  type EngineMessage,
  type HostMessage,
  type LogLevel,
  PROTOCOL_VERSION,
  type RequestMessage,
  type RequestType,
  type ResultMessage,
  type ResultOf,
  type Unanswered,
} from "../protocol/engine";
import { Chatter } from "./chat/chatter";
import { findFiles } from "./chat/findFiles";
import { Completer } from "./completion/completer";
import { CompleterCache } from "./completion/completerCache";
import { CompletionQueue } from "./completion/completionQueue";
import { PATIENCE } from "./completion/patience";
import { Documents, type MirroredDocument } from "./documents";
import { REFUSALS } from "./files/refusal";
import { isSecretPath } from "./files/secretNames";
import { type LoadedLanguageModel, loadLanguageModel } from "./loadLanguageModel";
import type { LanguageModel } from "./model/languageModel";
import { kindOfFault } from "./model/modelFault";
import { modelBytes } from "./model/modelFolder";
import { Cancelled, type ModelAccess } from "./modelAccess";
import { OpenTexts } from "./openTexts";
import { ReadingPace } from "./readingPace";
import { Repository } from "./repository/repository";
import { type Job, Scheduler } from "./scheduler";
import { definedLines } from "./snippets/definedLines";
import { languageOf } from "./snippets/languages";
import { SHARED_OUTLINER } from "./snippets/outline";
import { describeTuning } from "./tuning/describe";
import { learn } from "./tuning/learn";
import { measureInChild, tryInChild } from "./tuning/tryProviders";

/** What there is once the model is loaded. */
interface Services {
  readonly lm: LanguageModel;
  readonly completers: CompleterCache;
  readonly chatter: Chatter;
  readonly repository: Repository;
}

/** Longer than between two keys of somebody who types. */
const QUIET_MS = 1000;
/** For somebody who types, something is asked at every little rest: after so many changes without, a program writes. */
const MOST_UNASKED_CHANGES = 50;

export class EngineServer {
  readonly #scheduler = new Scheduler(QUIET_MS);
  readonly #queue = new CompletionQueue(this.#scheduler);
  readonly #documents = new Documents();
  readonly #openTexts = new OpenTexts(this.#documents);
  /** By the id of the request that each works for. */
  readonly #jobs = new Map<number, Job<unknown>>();
  #services: Services | undefined;
  #lastCompletion: CompletionReport | undefined;
  /** The document that something was asked for last. Others may be written by programs, without an end. */
  #lastAskedFor: string | undefined;
  /** Changes to it since then. */
  #unaskedChanges = 0;
  #ending: Promise<void> | undefined;

  /** What answers each request. */
  readonly #handlers: { readonly [T in RequestType]: Handler<T> } = {
    complete: (request, services) => this.#complete(request, services),
    alternatives: (request, services) => this.#alternatives(request, services),
    chat: (request, services) => this.#chat(request, services),
    chatMessages: (request, services) => this.#chatMessages(request, services),
    checkCitations: async ({ answer }, { chatter }) => ({ type: "success", citations: chatter.citationsIn(answer) }),
    findFiles: async ({ query, limit }, { repository }) => ({
      type: "success",
      files: await findFiles(query, limit, repository.folders()),
    }),
    findDefinitions: async ({ path, languageId, text }) => ({
      type: "success",
      definitions: await definedLines(SHARED_OUTLINER, path, languageId, text),
    }),
    countTokens: async ({ text }, { lm }) => ({ type: "success", count: (await lm.tokenizer.encode(text)).length }),
    report: async (_, { repository }) => ({
      type: "success",
      report: {
        ...repository.report(),
        residentBytes: memoryUsage.rss(),
        ...(this.#lastCompletion && { completion: this.#lastCompletion }),
      },
    }),
    clearStates: async ({ folders }, { repository }) => ({ type: "success", ...(await repository.clear(folders)) }),
    importState: async ({ folder, file }, { repository }) => ({
      type: "success",
      ...(await repository.importState(folder, file)),
    }),
  };

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
        this.#openTexts.changed(message.uri);
        prepareGrammar(message.path);
        break;
      case "change":
        this.#change(message);
        break;
      case "close":
        this.#documents.close(message.uri);
        void this.#services?.repository.useSavedText(message.uri);
        this.#services?.completers.forget(message.uri);
        if (message.uri === this.#lastAskedFor) this.#queue.stopPreparing();
        break;
      case "workspace":
        void this.#services?.repository.open(message);
        break;
      case "filesChanged":
        void this.#services?.repository.filesChanged(message.paths);
        break;
      case "cameBack":
        void this.#services?.repository.lookForUntold(message.told);
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
      case "prepare":
        void this.#prepare(message);
        break;
      case "cancel":
        this.#jobs.get(message.id)?.cancel("cancelled");
        break;
      case "hurry":
        this.#jobs.get(message.id)?.raise("completion", message.answerBy);
        break;
      case "ping":
        this.send({ type: "pong", residentBytes: memoryUsage.rss() });
        break;
      case "shutdown":
        this.#ending ??= this.#shutdown();
        break;
      default:
        void this.#answer(message);
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
        hungEngineReadyAt: message.hungEngineReadyAt,
        onLost: (error) => this.#lost(error),
      });
      this.#services = this.#servicesOf(lm);
      const { name, displayName, trained } = lm.about;
      const loadMs = performance.now() - began;
      const { instructions: instructionTuned, contextTokens } = trained;
      const residentBytes = memoryUsage.rss();
      this.send({
        type: "ready",
        model: { name, displayName, instructionTuned, contextTokens, loadMs, residentBytes },
      });
      this.#learn(lm, message.options.threads);
    } catch (error) {
      this.send({ type: "failed", message: (error as Error).message, ...kindOfFault(error) });
    }
  }

  /** Ends: the next process has a new device, or runs the model on the processor if there is none. */
  #lost({ message }: Error): void {
    const text = `The graphics card does not run the model any more, so the engine starts again: ${message}`;
    this.send({ type: "log", level: "error", message: text }, () => this.exit(1));
  }

  /** Measures in a quiet moment what is not known of this machine. Threads and cards are used from the next start on. */
  #learn({ about, tuning }: LoadedLanguageModel, threads: number): void {
    if (tuning === undefined) return;
    const say = () => this.#log("info", describeTuning(tuning));
    say();
    void learn({
      tuning,
      modelBytes: modelBytes(about),
      measure: () => measureInChild(__dirname, about.folder, threads),
      tryProvider: tryInChild(__dirname, about.folder),
      holdReading: () => this.#scheduler.holdReading(),
      onLearned: () => {
        say();
        this.#services?.repository.speedLearned();
      },
    });
  }

  #servicesOf(loaded: LanguageModel): Services {
    const pace = new ReadingPace(loaded);
    const lm = pace.timed();
    const repository = new Repository({
      lm,
      pace,
      background: (priority, work) => this.#scheduler.start(priority, work).end,
      onProgress: (progress) => this.send({ type: "reading", progress, residentBytes: memoryUsage.rss() }),
      log: (level, message) => this.#log(level, message),
      adviceOnFailure: 'It tries again by itself; if that does not help, run "Griffin: Restart Engine".',
      onSavedText: (path) => this.#openTexts.savedTextTaken(path),
    });
    const completers = new CompleterCache((uri) => {
      return new Completer({
        lm,
        repository: () => repository.offerFor(uri),
        tellRepository: (howMuch, access) => this.#openTexts.tellAtRest(repository, uri, howMuch, access),
        patience: { ...PATIENCE, pace },
        onReport: (report) => {
          const { choice, reason } = report.base;
          if (choice !== this.#lastCompletion?.base.choice) this.#log("info", reason);
          this.#lastCompletion = report;
        },
      });
    });
    const chatter = new Chatter({
      lm,
      folders: (near) => repository.folders(near),
      openText: (folder, path) => this.#documents.ofFile(join(folder, path))?.text,
      refusalsElsewhere: () => repository.refusalsElsewhere(),
    });
    return { lm, completers, chatter, repository };
  }

  #change({ uri, version, edits }: HostMessage & { type: "change" }): void {
    if (uri === this.#lastAskedFor && ++this.#unaskedChanges <= MOST_UNASKED_CHANGES) {
      this.#scheduler.disturb();
      this.#queue.stopPreparing();
    }
    const document = this.#documents.get(uri);
    if (document === undefined) this.#log("warn", `A change came for a document that is not open: ${uri}`);
    else {
      this.#services?.repository.recordEdits(uri, document.text, edits);
      document.change(version, edits);
      this.#openTexts.changed(uri);
    }
  }

  async #complete({ id, params }: RequestMessage<"complete">, services: Services): Promise<ResultOf<"complete">> {
    const document = this.#askedFor(params);
    if ("stale" in document) return { type: "stale", reason: document.stale };
    const completer = services.completers.of(params.uri);
    void this.#openTexts.tellInPassing(services.repository, params.uri);
    const onText = (text: string) => this.send({ type: "completeText", id, text });
    const work = (access: ModelAccess) => completer.complete(document, params, access, onText);
    return this.#endOf(id, this.#queue.complete(params.isSpeculative === true, work));
  }

  async #alternatives(
    { id, params, withinMs }: RequestMessage<"alternatives">,
    services: Services,
  ): Promise<ResultOf<"alternatives">> {
    const document = this.#askedFor(params);
    if ("stale" in document) return { type: "stale", reason: document.stale };
    const completer = services.completers.of(params.uri);
    const work = (access: ModelAccess) => completer.alternatives(document, params, withinMs, access);
    return this.#endOf(id, this.#scheduler.start("completion", work));
  }

  #chat({ id, params }: RequestMessage<"chat">, { chatter, repository }: Services): Promise<ResultOf<"chat">> {
    const told = this.#openTexts.tell(repository);
    const listener = {
      onFindings: (findings: ChatFindings) => this.send({ type: "chatFindings", id, findings }),
      onContext: (context: ChatContext) => this.send({ type: "chatContext", id, context }),
      onText: (text: string) => this.send({ type: "chatText", id, text }),
    };
    const work = async (access: ModelAccess) => {
      await told;
      return chatter.answer(params, listener, access);
    };
    return this.#endOf(id, this.#scheduler.start("chat", work));
  }

  /**
   * A job though it needs no turn: whatever is less urgent would hold up each of its many steps on the disk for the length of a
   * run. Where it is cancelled, that goes on at once, and what comes of it finds nobody.
   */
  #chatMessages(
    { id, question }: RequestMessage<"chatMessages">,
    { chatter, repository }: Services,
  ): Promise<ResultOf<"chatMessages">> {
    const job = this.#scheduler.start("chat", async () => {
      await this.#openTexts.tell(repository);
      return chatter.messagesFor(question);
    });
    this.#jobs.set(id, job);
    return job.end.finally(() => this.#jobs.delete(id));
  }

  async #prepare(place: HostMessage & { type: "prepare" }): Promise<void> {
    if (this.#services === undefined) return;
    const document = this.#askedFor(place);
    if ("stale" in document) return;
    const completer = this.#services.completers.toReadAhead(place.uri);
    await this.#settled(this.#queue.prepare((access) => completer.prepare(document, place.offset, access)));
  }

  async #shutdown(): Promise<void> {
    void this.#services?.repository.close();
    // What is left to do must not wait for runs of the model: whoever asked for this does not wait long.
    this.#scheduler.close("the engine ends");
    await this.#services?.lm.model.dispose();
    this.exit(0);
  }

  /** A document that something is asked for, which somebody is at work in: if it is as the requester sees it and may be completed in. */
  #askedFor({ uri, version }: Pick<CompleteParams, "uri" | "version">): MirroredDocument | { readonly stale: string } {
    this.#lastAskedFor = uri;
    this.#unaskedChanges = 0;
    const document = this.#documents.get(uri);
    if (document === undefined) return { stale: "the document is not open in the engine" };
    if (isSecretPath(document.path ?? "")) return { stale: `${REFUSALS.secret}, so the model does not read it` };
    if (document.version !== version) {
      return { stale: `the engine has version ${document.version} of the document, not ${version}` };
    }
    return document;
  }

  async #answer<T extends RequestType>(request: RequestMessage<T>): Promise<void> {
    const { id, type: of } = request;
    this.send({ type: "result", id, of, result: await this.#resultOf(request) } as ResultMessage);
  }

  /** Whatever goes wrong is a result, too: a sentence for the user. */
  async #resultOf<T extends RequestType>(request: RequestMessage<T>): Promise<ResultOf<T>> {
    if (this.#services === undefined) {
      return { type: "failed", message: "The model is not loaded yet. Try again in a moment." };
    }
    try {
      const handle: Handler<T> = this.#handlers[request.type];
      return await handle(request, this.#services);
    } catch (error) {
      const { name, message, stack } = error as Error;
      // A plain Error is a sentence that the user reads anyway; a TypeError and its like are ours to mend.
      this.#log(name === "Error" ? "debug" : "warn", stack ?? message);
      return { type: "failed", message, ...kindOfFault(error) };
    }
  }

  /** The end of a request's job, which can be cancelled by the request's id. */
  async #endOf<R>(id: number, job: Job<R>): Promise<R | Unanswered> {
    this.#jobs.set(id, job);
    const result = await this.#settled(job);
    this.#jobs.delete(id);
    return result;
  }

  /** The end of a job, whatever it is, as a value. */
  async #settled<R>(job: Job<R>): Promise<R | Unanswered> {
    try {
      return await job.end;
    } catch (error) {
      if (error instanceof Cancelled) return { type: "cancelled", reason: error.reason };
      const { message, stack } = error as Error;
      this.#log("error", stack ?? message);
      return { type: "failed", message: `The model could not run: ${message}`, ...kindOfFault(error) };
    }
  }

  #log(level: LogLevel, message: string): void {
    this.send({ type: "log", level, message });
  }
}

type Handler<T extends RequestType> = (request: RequestMessage<T>, services: Services) => Promise<ResultOf<T>>;

/** A language's first file waits a tenth of a second for its grammar, and so does a key: better now than while somebody types. */
function prepareGrammar(path: string | undefined): void {
  const language = path === undefined ? undefined : languageOf(path);
  // Whoever needs it tries again.
  if (language !== undefined) SHARED_OUTLINER.prepare(language).catch(() => {});
}
