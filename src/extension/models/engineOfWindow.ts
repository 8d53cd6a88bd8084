import type { EngineSupervisor } from "../engineProcess/engineSupervisor";
import type { FilesUser } from "./install";

/** This window's engine as a user of a model's files. One that nobody has needed, or that was unloaded, stays so. */
export class EngineOfWindow implements FilesUser {
  private wasRunning = false;

  constructor(private readonly supervisor: Pick<EngineSupervisor, "status" | "stop" | "restart">) {}

  async stop(): Promise<void> {
    const { status } = this.supervisor;
    this.wasRunning = status.type !== "stopped";
    await this.supervisor.stop(status.type === "stopped" ? status.why : "notNeeded");
  }

  async restart(): Promise<void> {
    if (this.wasRunning) await this.supervisor.restart();
  }
}
