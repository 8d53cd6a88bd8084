// Pauses the model's reading of the repository while the machine runs on its battery. Completions, which somebody waits for, go on.

import type { Clock } from "../clock";

const LOOK_MS = 60_000;

export interface BatteryWatchParts {
  /** The user's setting. */
  readonly isWanted: () => boolean;
  readonly isOnBattery: () => Promise<boolean>;
  readonly reading: { setOnBattery(isOnBattery: boolean): void };
  readonly clock: Clock;
}

export class BatteryWatch {
  private cancelTimer = () => {};
  /** Raised by each look, so that a slower one is not listened to. */
  private looks = 0;

  constructor(private readonly parts: BatteryWatchParts) {
    void this.look();
  }

  dispose(): void {
    this.looks++;
    this.cancelTimer();
  }

  /** Looks now, and once a minute from now on while it is wanted. */
  async look(): Promise<void> {
    const { isWanted, isOnBattery, reading, clock } = this.parts;
    const look = ++this.looks;
    this.cancelTimer();
    if (!isWanted()) return reading.setOnBattery(false);
    const isOn = await isOnBattery();
    if (look !== this.looks) return;
    reading.setOnBattery(isOn);
    this.cancelTimer = clock.after(LOOK_MS, () => void this.look());
  }
}
