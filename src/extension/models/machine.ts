// What this machine is like, as far as models are chosen by it: its room, and how fast the bundled model is here.

import { cpus } from "node:os";
import type * as vscode from "vscode";
import { availableMemoryBytes, totalMemoryBytes } from "../../machine/availableMemory";
import type { Log } from "../log";
import type { Reading } from "../repository/reading";
import type { Machine, Probe } from "./fit";
import type { RunJob } from "./modelJob";
import type { InstalledModel, ModelsFolder } from "./modelsFolder";
import { roomNow } from "./room";

export async function machineNow(models: ModelsFolder): Promise<Machine> {
  return {
    totalMemoryBytes: totalMemoryBytes(),
    availableMemoryBytes: await availableMemoryBytes(),
    ...(await roomNow(models)),
  };
}

export interface SpeedParts {
  readonly bundled: () => Promise<Pick<InstalledModel, "folder" | "bytes">>;
  readonly context: Pick<vscode.ExtensionContext, "extension" | "globalState">;
  /** What this window's engine does by itself would be measured, too. */
  readonly reading: Pick<Reading, "pausedDuring">;
  readonly runJob: RunJob;
  readonly log: Log;
}

/** The last measurement, of whichever machine and version. */
const PROBE_KEY = "griffin.speeds";

/** How fast the bundled model is here. */
export class BundledSpeed {
  /** What is measured in this session, also where it is not kept: whoever asks meanwhile waits for the same. */
  private measured: Promise<Probe> | undefined;

  constructor(private readonly parts: SpeedParts) {}

  /**
   * Measured once for each machine and version, in a few seconds; where other programs have disturbed that, once more in the next
   * session. Undefined when it cannot be measured.
   */
  async get(): Promise<Probe | undefined> {
    const { context, log } = this.parts;
    const machine = `${cpus().length} × ${cpus()[0]?.model}, ${context.extension.packageJSON.version}`;
    const kept = context.globalState.get<{ machine: string; probe: Probe }>(PROBE_KEY);
    if (kept?.machine === machine) return kept.probe;
    this.measured ??= this.measure((probe) => context.globalState.update(PROBE_KEY, { machine, probe }));
    try {
      return await this.measured;
    } catch (error) {
      this.measured = undefined;
      log.warn(`The bundled model's speed could not be measured: ${(error as Error).message}`);
      return undefined;
    }
  }

  /** @param keep is given what says enough of this machine */
  private async measure(keep: (probe: Probe) => Thenable<void>): Promise<Probe> {
    const { bundled, reading, runJob, log } = this.parts;
    const { folder, bytes } = await bundled();
    const signal = AbortSignal.timeout(60_000);
    const speeds = await reading.pausedDuring(() => runJob({ type: "measureSpeed", folder }, { signal }));
    const probe = { storedBytes: bytes, ...speeds };
    try {
      if (!speeds.isDisturbed) await keep(probe);
    } catch (error) {
      log.warn(`The bundled model's speed could not be kept: ${(error as Error).message}`);
    }
    return probe;
  }
}
