// Pauses the model's reading of the repository while the machine runs on its battery. Completions, which somebody waits for, go on;
// what is written and read ahead of them asks here.

import type { Clock } from "../clock";

const LOOK_MS = 60_000;

export interface BatteryWatchParts {
  /** The user's setting. */
  readonly isWanted: () => boolean;
  /** Whether an engine is there. */
  readonly isNeeded: () => boolean;
  readonly isOnBattery: () => Promise<boolean>;
  readonly reading: { setOnBattery(isOnBattery: boolean): void };
  readonly clock: Clock;
}

export class BatteryWatch {
  private cancelTimer = () => {};
  private isOn = false;
  /** Raised by each look, so that an earlier one that ends later does not count. */
  private looks = 0;

  constructor(private readonly parts: BatteryWatchParts) {
    void this.look();
  }

  /** As it was found last; false where the user does not want that to make a difference. */
  get isOnBattery(): boolean {
    return this.isOn;
  }

  dispose(): void {
    this.looks++;
    this.cancelTimer();
  }

  /** Looks now, and once a minute from now on, while it is wanted and needed. */
  async look(): Promise<void> {
    const { isWanted, isNeeded, isOnBattery, clock } = this.parts;
    const look = ++this.looks;
    this.cancelTimer();
    if (!isWanted()) return this.found(false);
    // As long as nobody needs to know, what was found last holds.
    if (!isNeeded()) return;
    const isOn = await isOnBattery();
    if (look !== this.looks) return;
    this.found(isOn);
    this.cancelTimer = clock.after(LOOK_MS, () => void this.look());
  }

  private found(isOnBattery: boolean): void {
    this.isOn = isOnBattery;
    this.parts.reading.setOnBattery(isOnBattery);
  }
}
