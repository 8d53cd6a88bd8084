// Ends an engine that hangs, as in a graphics driver that never comes back: nothing else would ever end what waits for it.
//
// While something is to be answered, the engine is asked whether it is there. It answers between two runs of the model.

import { afterAwake } from "../../machine/awake";
import type { Clock } from "../clock";
import type { Log } from "../log";
import type { EngineClient } from "./engineClient";
import type { EngineSupervisor } from "./engineSupervisor";

export interface EngineWatchOptions {
  readonly supervisor: Pick<EngineSupervisor, "onMessage" | "onGone" | "send" | "endHanging">;
  readonly client: Pick<EngineClient, "onAsked" | "isWaiting">;
  readonly clock: Clock;
  readonly log: Log;
}

/** Many times what one run takes, also on a machine that is short of memory. Only time in which the machine is awake counts. */
const LONGEST_SILENCE_MS = 60_000;
/** From one answer to the next question. */
const PAUSE_MS = 15_000;

export class EngineWatch {
  /** Whether the engine has been asked, or will be after the pause if something still waits for it then. */
  private isWatching = false;
  private cancelTimer = () => {};

  constructor(private readonly options: EngineWatchOptions) {
    const { client, supervisor } = options;
    client.onAsked.on(() => {
      if (!this.isWatching) this.ping();
    });
    supervisor.onMessage.on(({ type }) => {
      if (type === "pong") this.pause();
    });
    supervisor.onGone.on(() => this.stop());
  }

  private ping(): void {
    const { supervisor, clock, log } = this.options;
    this.isWatching = true;
    supervisor.send({ type: "ping" });
    this.cancelTimer = afterAwake(clock, LONGEST_SILENCE_MS, () => {
      log.error(`The engine has not answered for ${LONGEST_SILENCE_MS / 1000} seconds and will be stopped.`);
      supervisor.endHanging();
    });
  }

  private pause(): void {
    this.cancelTimer();
    this.cancelTimer = this.options.clock.after(PAUSE_MS, () => {
      if (this.options.client.isWaiting) this.ping();
      else this.isWatching = false;
    });
  }

  private stop(): void {
    this.cancelTimer();
    this.isWatching = false;
  }
}
