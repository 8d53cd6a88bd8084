// What the engine's process takes of the machine's memory: it says so when it is ready, how far the reading has got, and whenever
// it says that it is there.

import { Emitter } from "../emitter";
import { size } from "../phrases";
import type { EngineSupervisor } from "./engineSupervisor";

export class EngineMemory {
  /** Fires when it reads otherwise: most of the messages bring a few more or fewer bytes. */
  readonly onChange = new Emitter<void>();
  private last: number | undefined;

  constructor(engine: Pick<EngineSupervisor, "onStatus" | "onMessage">) {
    engine.onStatus.on((status) => this.set(status.type === "ready" ? status.model.residentBytes : undefined));
    engine.onMessage.on((message) => "residentBytes" in message && this.set(message.residentBytes));
  }

  /** Undefined while the engine is not ready. */
  get bytes(): number | undefined {
    return this.last;
  }

  private set(bytes: number | undefined): void {
    const isNews = sizeOf(bytes) !== sizeOf(this.last);
    this.last = bytes;
    if (isNews) this.onChange.fire();
  }
}

function sizeOf(bytes: number | undefined): string | undefined {
  return bytes === undefined ? undefined : size(bytes);
}
