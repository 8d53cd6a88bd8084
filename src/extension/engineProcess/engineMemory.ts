// What the engine's process takes of the machine's memory: it says so when it is ready, and whenever it says that it is there.

import { Emitter } from "../emitter";
import type { EngineSupervisor } from "./engineSupervisor";

export class EngineMemory {
  readonly onChange = new Emitter<void>();
  private last: number | undefined;

  constructor(engine: Pick<EngineSupervisor, "onStatus" | "onMessage">) {
    engine.onStatus.on((status) => this.set(status.type === "ready" ? status.model.residentBytes : undefined));
    engine.onMessage.on((message) => message.type === "pong" && this.set(message.residentBytes));
  }

  /** Undefined while the engine is not ready. */
  get bytes(): number | undefined {
    return this.last;
  }

  private set(bytes: number | undefined): void {
    if (bytes === this.last) return;
    this.last = bytes;
    this.onChange.fire();
  }
}
