// How far the engine has read the workspace's folders, and whether the model is to pause: for the user, or for the battery.

import type { ReadingProgress } from "../../protocol/engine";
import { Emitter } from "../emitter";
import type { EngineLink } from "../engineProcess/engineClient";
import { type ReadingPhase, type ReadingSummary, summarizeReading } from "./readingSummary";

const PAUSED_BY_USER = "You paused it.";
const MEASURING = "The speed of this machine is being measured.";
const ON_BATTERY = "This machine is running on battery.";

/** In these phases the engine looks into no more files for now. */
const AT_REST: ReadonlySet<ReadingPhase> = new Set(["paused", "failed"]);
const TO_DO: ReadonlySet<ReadingPhase> = new Set(["listing", "restoring", "reading"]);

export class Reading {
  readonly onChange = new Emitter<void>();
  private folders: ReadonlySet<string> = new Set();
  private readonly progressByFolder = new Map<string, ReadingProgress>();
  /** Folders of which the engine has looked into every file. */
  private readonly lookedThrough = new Set<string>();
  private isPausedByUser = false;
  private isOnBattery = false;
  private isDisturbing = false;
  /** The user has resumed it on battery. */
  private isWantedOnBattery = false;

  constructor(private readonly engine: EngineLink) {
    engine.onMessage.on((message) => message.type === "reading" && this.receive(message.progress));
    engine.onGone.on(() => this.setFolders([]));
  }

  /** Until the user resumes it, or the power is back. */
  get isPaused(): boolean {
    return this.lastingPauseReason !== undefined;
  }

  /** Whether there is more to read, and nothing that keeps the engine from it. */
  get isGoingOn(): boolean {
    const phase = this.summary?.phase;
    return phase !== undefined && TO_DO.has(phase);
  }

  /** Whether a search finds all that there is, however much the model has read of it. Without an engine there is nothing. */
  get isLookedThrough(): boolean {
    return this.folders.size > 0 && [...this.folders].every((folder) => this.lookedThrough.has(folder));
  }

  /** Whether the engine is about to look into files that it has not, or to say which there are. */
  get isLooking(): boolean {
    return this.folders.size === 0 || [...this.folders].some((folder) => this.isLookingInto(folder));
  }

  /** Waits until everything is looked through, or as much as will be, or until `signal` aborts. */
  waitUntilLookedThrough(signal: AbortSignal): Promise<void> {
    return this.onChange.until(() => !this.isLooking, signal);
  }

  /** Undefined while there is nothing to tell. */
  get summary(): ReadingSummary | undefined {
    const summary = summarizeReading([...this.progressByFolder.values()]);
    const reason = this.pauseReason;
    if (reason === undefined || summary?.phase !== "reading") return summary;
    // A folder that waits until the engine has done with another does not get to say that it is paused.
    return { ...summary, phase: "paused", messages: [...new Set([reason, ...summary.messages])] };
  }

  /** Lasts as long as the window; a pause that one has forgotten would be a nuisance tomorrow. */
  setPaused(isPaused: boolean): void {
    this.isPausedByUser = isPaused;
    this.isWantedOnBattery = !isPaused && this.isOnBattery;
    this.tellPause();
    this.onChange.fire();
  }

  /** Who resumes it on battery has it until the power is back. */
  setOnBattery(isOnBattery: boolean): void {
    if (isOnBattery === this.isOnBattery) return;
    this.isOnBattery = isOnBattery;
    this.isWantedOnBattery = false;
    this.tellPause();
    this.onChange.fire();
  }

  /** Pauses while `work` is done, which would be disturbed. One such work at a time. */
  async pausedDuring<T>(work: () => Promise<T>): Promise<T> {
    this.setDisturbing(true);
    try {
      return await work();
    } finally {
      this.setDisturbing(false);
    }
  }

  /** Tells the engine whether it is to pause, and why: also one that has just been started. */
  tellPause(): void {
    this.engine.send({ type: "pauseReading", reason: this.pauseReason });
  }

  /** These are read from now on. Others are forgotten, and what the engine may still have said of them is not heard. */
  setFolders(folders: readonly string[]): void {
    this.folders = new Set(folders);
    for (const folder of this.progressByFolder.keys()) {
      if (this.folders.has(folder)) continue;
      this.progressByFolder.delete(folder);
      this.lookedThrough.delete(folder);
    }
    this.onChange.fire();
  }

  private setDisturbing(isDisturbing: boolean): void {
    this.isDisturbing = isDisturbing;
    this.tellPause();
    this.onChange.fire();
  }

  private get pauseReason(): string | undefined {
    return this.lastingPauseReason ?? (this.isDisturbing ? MEASURING : undefined);
  }

  private get lastingPauseReason(): string | undefined {
    if (this.isPausedByUser) return PAUSED_BY_USER;
    return this.isOnBattery && !this.isWantedOnBattery ? ON_BATTERY : undefined;
  }

  private isLookingInto(folder: string): boolean {
    const phase = this.progressByFolder.get(folder)?.phase;
    return !this.lookedThrough.has(folder) && !(phase !== undefined && AT_REST.has(phase));
  }

  private receive(progress: ReadingProgress): void {
    if (!this.folders.has(progress.folder)) return;
    const { folder, phase } = progress;
    this.progressByFolder.set(folder, progress);
    if (phase === "listing") this.lookedThrough.delete(folder);
    if (phase === "reading" || phase === "done") this.lookedThrough.add(folder);
    this.onChange.fire();
  }
}
