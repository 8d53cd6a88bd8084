// Keeps one engine running: handshake, restart after a crash, and one status that says how it stands.
//
// It does not know what the messages after the handshake mean; EngineClient and DocumentMirror do.

import { afterAwake } from "../../machine/awake";
import { crashHint } from "../../machine/crashHint";
import {
  type EngineMessage,
  type EngineOptions,
  type HostMessage,
  type ModelSummary,
  PROTOCOL_VERSION,
} from "../../protocol/engine";
import type { Clock } from "../clock";
import { Emitter } from "../emitter";
import type { Log } from "../log";
import { withNextStep } from "../modelFaults";
import type { EngineProcess } from "./engineProcess";
import { RestartBudget } from "./restartBudget";

export type EngineStatus =
  | { readonly type: "stopped"; readonly why: StopReason }
  | { readonly type: "starting" }
  | { readonly type: "ready"; readonly model: ModelSummary }
  /** `message` is for the user: what happened, and what to do. */
  | { readonly type: "failed"; readonly message: string };

/** What the supervisor passes on: the handshake and the log are its own. */
export type EngineNews = Exclude<EngineMessage, { readonly type: "hello" | "ready" | "failed" | "log" }>;

export type StopReason =
  /** Nobody has needed it yet, or it makes way for a moment. */
  | "notNeeded"
  /** Nobody is at the window. */
  | "resting"
  /** The user has unloaded the model. */
  | "unloaded";

export interface EngineSettings extends EngineOptions {
  readonly modelFolder: string;
}

interface RunningEngine {
  readonly process: EngineProcess;
  /** In milliseconds since 1970; undefined before that. */
  readyAt: number | undefined;
  /** Whether it was told to load the model, and has not said that it is ready. */
  isLoading: boolean;
}

/**
 * A process that has not said hello by then will not: antivirus, a wrong binary, a debugger that waits. Only time in which the
 * machine is awake counts.
 */
const HELLO_DEADLINE_MS = 30_000;
/**
 * A model of 20 GB from a slow disk has long been loaded by then; a driver that hangs never comes back. Here, too, only time
 * awake counts.
 */
const LOAD_DEADLINE_MS = 15 * 60_000;
/** While somebody types a path into the settings, it names many folders on the way that are not meant. */
const SETTLE_MS = 2_000;

export class EngineSupervisor {
  readonly onStatus = new Emitter<EngineStatus>();
  /** Another engine is ready, and knows nothing: who keeps it informed tells it everything now, before `onStatus` says it to all others. */
  readonly onReady = new Emitter<void>();
  /** Messages after the handshake. */
  readonly onMessage = new Emitter<EngineNews>();
  /** The engine has gone; what was asked of it will not be answered. A sentence for who waits says why, and what to do. */
  readonly onGone = new Emitter<string>();

  private currentStatus: EngineStatus = { type: "stopped", why: "notNeeded" };
  private running: RunningEngine | undefined;
  private readonly budget = new RestartBudget();
  /** The end of the latest process that was told to end: two engines at once would fight for memory. */
  private ending: Promise<void> | undefined;
  private cancelTimer = () => {};
  private cancelAdoption = () => {};
  /** The settings that the latest process was started with. */
  private adopted: EngineSettings | undefined;
  /** When the engine was ready that hung and was ended, until the next one has been told. */
  private hungEngineReadyAt: number | undefined;
  /** Raised by every stop and restart, so that an earlier one that is still waiting notices that it is out of date. */
  private generation = 0;

  constructor(
    private readonly launch: () => EngineProcess,
    private readonly settings: () => EngineSettings,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  get status(): EngineStatus {
    return this.currentStatus;
  }

  get isReady(): boolean {
    return this.currentStatus.type === "ready";
  }

  /** The running process's id, for the log and for tests. */
  get pid(): number | undefined {
    return this.running?.process.pid;
  }

  /**
   * Somebody asks for something: starts the engine if it was never started, or was stopped and has gone by then. A failed one
   * waits for `restart`.
   */
  start(): void {
    if (this.currentStatus.type !== "stopped") return;
    if (this.ending === undefined) this.run();
    else void this.restart();
  }

  /** A document is in front that gets completions: starts the engine, unless it was stopped on purpose. */
  startForDocument(): void {
    if (this.isStopped("notNeeded")) this.start();
  }

  /** Starts the engine where it is stopped, and waits until it is ready or has failed, or until `signal` aborts. */
  async started(signal?: AbortSignal): Promise<EngineStatus> {
    this.start();
    await this.onStatus.until(() => this.currentStatus.type !== "starting", signal);
    return this.currentStatus;
  }

  isStopped(why: StopReason): boolean {
    return this.currentStatus.type === "stopped" && this.currentStatus.why === why;
  }

  /** Ends the engine, if there is one, and starts it with the settings of now and a fresh budget. */
  async restart(): Promise<void> {
    const generation = ++this.generation;
    this.budget.reset();
    this.setStatus({ type: "starting" });
    await this.endProcess("The engine was restarted before this finished. Try again when it is ready.");
    if (generation === this.generation) this.run();
  }

  /** Settings may have changed; the engine gets them when they have stayed the same for a while. */
  settingsChanged(): void {
    this.cancelAdoption();
    this.cancelAdoption = this.clock.after(SETTLE_MS, () => {
      if (this.hasNewSettings) void this.adoptSettings();
    });
  }

  /**
   * Somebody has chosen: restarts the engine at once if it was started with other settings than those of now, or failed with
   * these, because what made it fail may be mended.
   */
  async adoptSettings(): Promise<void> {
    const { type } = this.currentStatus;
    if (type === "failed" || (type !== "stopped" && this.hasNewSettings)) await this.restart();
  }

  async stop(why: StopReason = "notNeeded"): Promise<void> {
    this.cancelAdoption();
    this.generation++;
    this.setStatus({ type: "stopped", why });
    await this.endProcess("The engine was stopped before this finished. Try again.");
  }

  /** Ends an engine that is ready and hears nothing any more. What follows is what follows a crash. */
  endHanging(): void {
    const { running } = this;
    if (!this.isReady || running === undefined) return;
    this.hungEngineReadyAt = running.readyAt;
    // Nothing waits for its end: one that is stuck in a driver may have none.
    this.exited("it hung", running);
    running.process.killAtOnce();
  }

  /** Sends to an engine that is ready; tells whether there was one. */
  send(message: HostMessage): boolean {
    if (!this.isReady || !this.running) return false;
    this.running.process.send(message);
    return true;
  }

  private get hasNewSettings(): boolean {
    return JSON.stringify(this.settings()) !== JSON.stringify(this.adopted);
  }

  private run(): void {
    this.cancelTimer();
    this.setStatus({ type: "starting" });
    const settings = this.settings();
    this.adopted = settings;
    let started: EngineProcess;
    try {
      started = this.launch();
    } catch (error) {
      this.fail(`The engine could not be started: ${String(error)}. Reinstall the extension, then reload the window.`);
      return;
    }
    const running: RunningEngine = { process: started, readyAt: undefined, isLoading: false };
    this.running = running;
    this.log.info(`Engine started, process ${started.pid}.`);
    this.cancelTimer = afterAwake(this.clock, HELLO_DEADLINE_MS, () => {
      this.fail(`The engine did not answer within ${HELLO_DEADLINE_MS / 1000} seconds. ${RESTART_HINT}`);
    });
    // A process that was replaced or ended on purpose may still have things to say.
    started.onMessage((message) => {
      if (running === this.running) this.receive(message, running, settings);
    });
    started.onExit((reason) => {
      if (running === this.running) this.exited(reason, running);
    });
  }

  private receive(message: EngineMessage, running: RunningEngine, settings: EngineSettings): void {
    switch (message.type) {
      case "hello":
        this.cancelTimer();
        this.answerHello(message.protocolVersion, running, settings);
        break;
      case "ready":
        this.cancelTimer();
        running.isLoading = false;
        running.readyAt = Date.now();
        this.budget.loaded();
        this.log.info(`Model ${message.model.name} ready after ${Math.round(message.model.loadMs)} ms.`);
        this.setStatus({ type: "ready", model: message.model });
        break;
      case "failed":
        // A second try would fail in the same way: the user has to do something first.
        this.fail(withNextStep(message));
        break;
      case "log":
        this.log[message.level](`engine: ${message.message}`);
        break;
      default:
        this.onMessage.fire(message);
    }
  }

  private answerHello(
    protocolVersion: number,
    running: RunningEngine,
    { modelFolder, ...options }: EngineSettings,
  ): void {
    if (protocolVersion === PROTOCOL_VERSION) {
      running.isLoading = true;
      this.cancelTimer = afterAwake(this.clock, LOAD_DEADLINE_MS, () => {
        this.fail(`The engine did not load the model within ${LOAD_DEADLINE_MS / 60_000} minutes. ${RESTART_HINT}`);
      });
      const { hungEngineReadyAt } = this;
      this.hungEngineReadyAt = undefined;
      running.process.send({
        ...{ type: "start", protocolVersion: PROTOCOL_VERSION, modelFolder, options },
        ...(hungEngineReadyAt !== undefined && { hungEngineReadyAt }),
      });
      return;
    }
    // The extension was updated under a window that still runs the old code.
    const versions = `the engine speaks protocol ${protocolVersion}, the extension ${PROTOCOL_VERSION}`;
    this.fail(`Engine and extension are of different versions (${versions}). Reload the window.`);
  }

  private exited(reason: string, { isLoading }: RunningEngine): void {
    this.cancelTimer();
    this.running = undefined;
    this.log.error(`The engine ended by itself: ${reason}.`);
    this.onGone.fire(`The engine stopped before this finished (${reason}). Try again when it is ready.`);
    const delayMs = this.budget.takeRestart(this.clock.now(), isLoading);
    if (delayMs === undefined) {
      const { cannotLoad } = this.budget;
      const hint = crashHint(reason, { isAtStart: cannotLoad }) ?? (cannotLoad ? MEMORY_HINT : undefined);
      const advice = hint === undefined ? RESTART_HINT : `${hint} ${RESTART_HINT}`;
      this.fail(`The engine ended ${this.budget.describe()} (last: ${reason}) and will not be restarted. ${advice}`);
      return;
    }
    this.setStatus({ type: "starting" });
    this.cancelTimer = this.clock.after(delayMs, () => this.run());
  }

  private fail(message: string): void {
    this.log.error(message);
    this.setStatus({ type: "failed", message });
    void this.endProcess(message);
  }

  private async endProcess(reason: string): Promise<void> {
    this.cancelTimer();
    const ended = this.running;
    if (ended) {
      this.running = undefined;
      this.onGone.fire(reason);
      this.ending = ended.process.kill();
    }
    await this.ending;
  }

  private setStatus(status: EngineStatus): void {
    this.currentStatus = status;
    if (status.type === "ready") this.onReady.fire();
    this.onStatus.fire(status);
  }
}

/** For an engine that cannot load the model: a system that runs out of memory ends a process without a word. */
const MEMORY_HINT =
  "The model may need more memory than is free: close other programs, or choose a smaller one with " +
  '"Griffin: Choose a Model".';
const RESTART_HINT = 'See the log ("Griffin: Show Log"), then run "Griffin: Restart Engine".';
