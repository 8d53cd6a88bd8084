import { Emitter } from "../../src/extension/emitter";
import type { EngineLink } from "../../src/extension/engineProcess/engineClient";
import type { EngineNews } from "../../src/extension/engineProcess/engineSupervisor";
import type { HostMessage } from "../../src/protocol/engine";

/** Keeps what is sent to the engine, as that would get it; a test speaks for the engine. */
export class FakeEngineLink implements EngineLink {
  readonly sent: HostMessage[] = [];
  readonly onMessage = new Emitter<EngineNews>();
  readonly onGone = new Emitter<string>();

  constructor(readonly isReady = true) {}

  send(message: HostMessage): boolean {
    if (this.isReady) this.sent.push(structuredClone(message));
    return this.isReady;
  }
}
