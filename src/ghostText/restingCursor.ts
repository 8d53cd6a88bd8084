// When the engine reads ahead: once the cursor has come to rest.

import type { Clock } from "./clock";

/**
 * A step is long enough not to follow every one of a moving cursor. Who stays will probably write there. The long ones are for what
 * happens by itself.
 */
const REST_MS = { none: 0, step: 150, stay: 1000, long: 10_000, longest: 60_000 };
export type Rest = keyof typeof REST_MS;

export class RestingCursor {
  #cancel: (() => void) | undefined;

  constructor(private readonly clock: Clock) {}

  /** Whether it has not rested yet since it moved last. */
  get isMoving(): boolean {
    return this.#cancel !== undefined;
  }

  /**
   * To be told of every move, also one that an edit brings; `onRest` is called unless another move comes first.
   * @param rest how long it must have stayed: not at all where a move is no step on the way
   */
  moved(onRest: () => void, rest: Rest = "step"): void {
    this.dispose();
    if (rest === "none") onRest();
    else {
      this.#cancel = this.clock.after(REST_MS[rest], () => {
        this.#cancel = undefined;
        onRest();
      });
    }
  }

  dispose(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
