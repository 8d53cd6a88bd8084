// Pauses the model's reading of the repository while the machine runs on its battery. Completions, which somebody waits for, go on.

import type { Clock } from "../clock";

const LOOK_MS = 60_000;

export interface BatteryWatchParts {
  /** The user's setting. */
  readonly isWanted: () => boolean;
  /** Whether an engine is there that has something to read. */
  readonly isNeeded: () => boolean;
  readonly isOnBattery: () => Promise<boolean>;
  readonly reading: { setOnBattery(isOnBattery: boolean): void };
  readonly clock: Clock;
}

export class BatteryWatch {
  private cancelTimer = () => {};
  /** Raised by each look, so that an earlier one that ends later does not count. */
  private looks = 0;

  constructor(private readonly parts: BatteryWatchParts) {
    void this.look();
  }

  dispose(): void {
    this.looks++;
    this.cancelTimer();
  }

  /** Looks now, and once a minute from now on, while it is wanted and needed. */
  async look(): Promise<void> {
    const { isWanted, isNeeded, isOnBattery, reading, clock } = this.parts;
    const look = ++this.looks;
    this.cancelTimer();
    if (!isWanted()) return reading.setOnBattery(false);
    // As long as nobody needs to know, what was found last holds.
    if (!isNeeded()) return;
    const isOn = await isOnBattery();
    if (look !== this.looks) return;
    reading.setOnBattery(isOn);
    this.cancelTimer = clock.after(LOOK_MS, () => void this.look());
  }
}
