// When the engine reads ahead: once the cursor has come to rest.

import type { Clock } from "./clock";

/** Long enough not to follow every step of a moving cursor. */
const REST_MS = 150;

export class RestingCursor {
  #cancel = () => {};

  constructor(private readonly clock: Clock) {}

  /** To be told of every move, also one that an edit brings; `onRest` is called unless another move comes first. */
  moved(onRest: () => void): void {
    this.#cancel();
    this.#cancel = this.clock.after(REST_MS, onRest);
  }

  /** To be told of a move that is no step on the way, as with a click. */
  put(onRest: () => void): void {
    this.#cancel();
    onRest();
  }

  dispose(): void {
    this.#cancel();
  }
}
