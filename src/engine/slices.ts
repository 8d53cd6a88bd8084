// Long work in slices of a few milliseconds, between which a key, a cancel or a question goes first.

import { setImmediate } from "node:timers/promises";

const SLICE_MS = 8;

export class Slices {
  #endsAt = performance.now() + SLICE_MS;

  /** To be asked between small steps: resolves at once until the slice is over. */
  async rest(): Promise<void> {
    if (performance.now() < this.#endsAt) return;
    await setImmediate();
    this.#endsAt = performance.now() + SLICE_MS;
  }
}
