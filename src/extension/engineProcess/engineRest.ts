// Gives the model's memory back to the machine while nobody is at the window, and loads it again when somebody comes back.
// Several windows have a model each, and a large one takes gigabytes.

import { afterAwake } from "../../machine/awake";
import type { ModelSummary } from "../../protocol/engine";
import type { Clock } from "../clock";
import type { Log } from "../log";
import type { EngineSupervisor } from "./engineSupervisor";

export interface EngineRestOptions {
  readonly supervisor: Pick<EngineSupervisor, "status" | "onStatus" | "isStopped" | "start" | "stop">;
  /** Whether the engine does something that somebody will want: answers, or reads the workspace. */
  readonly isAtWork: () => boolean;
  /** How long nobody must have been there, and nothing have been at work; 0: it is never given back. */
  readonly afterMinutes: () => number;
  /** Whether it may stay longer all the same: when it comes back, it has to read the workspace's files again. */
  readonly mayStay: (model: ModelSummary) => Promise<boolean>;
  readonly clock: Clock;
  readonly log: Log;
}

const MINUTE_MS = 60_000;
/** An engine that may stay is stopped all the same after so many times the minutes. */
const LONGEST_STAY = 4;

export class EngineRest {
  private isFocused = true;
  private cancelTimer = () => {};
  /** How many times the minutes have passed since somebody was there. */
  private periods = 0;

  constructor(private readonly options: EngineRestOptions) {
    options.supervisor.onStatus.on(({ type }) => {
      // Also an engine that somebody else has started, far from the keyboard.
      if (type === "ready") this.worked();
    });
  }

  /** The window has got the keyboard, or lost it to another program. */
  windowFocused(isFocused: boolean): void {
    this.isFocused = isFocused;
    this.periods = 0;
    this.cancelTimer();
    const { supervisor, afterMinutes } = this.options;
    if (!isFocused) this.restAfter(afterMinutes());
    else if (supervisor.isStopped("resting")) supervisor.start();
  }

  /** Something was asked or answered: the time begins anew. */
  worked(): void {
    if (!this.isFocused) this.windowFocused(false);
  }

  dispose(): void {
    this.periods++;
    this.cancelTimer();
  }

  /** Looks at the time once a minute: a window that nobody is at should not wake its extension host up more often. */
  private restAfter(minutes: number): void {
    if (minutes <= 0) return;
    this.cancelTimer = afterAwake(this.options.clock, minutes * MINUTE_MS, () => this.rest(), MINUTE_MS);
  }

  private async rest(): Promise<void> {
    const { supervisor, isAtWork, afterMinutes, mayStay, log } = this.options;
    const { status } = supervisor;
    if (status.type !== "ready") return; // When it is, the time begins anew.
    if (isAtWork()) {
      this.restAfter(1);
      return;
    }
    const period = ++this.periods;
    const stays = period < LONGEST_STAY && (await mayStay(status.model));
    // Somebody may have come back meanwhile, or something have begun.
    if (period !== this.periods) return;
    if (stays) this.restAfter(afterMinutes());
    else if (isAtWork()) this.restAfter(1);
    else {
      log.info("This window is idle: the model is unloaded until you return.");
      void supervisor.stop("resting");
    }
  }
}
