// Saved states of one sequence by position, thinned out when they become many. Losing one costs time, never correctness.

import type { State } from "./state";

export class Checkpoints {
  /** Ascending by position. */
  #states: State[] = [];

  constructor(private readonly limit: number) {}

  /** Keeps `state`; when there are too many, drops the one whose absence costs least. */
  add(state: State): void {
    const at = this.#states.findIndex((other) => other.position >= state.position);
    if (at === -1) this.#states.push(state);
    else if (this.#states[at]!.position === state.position) this.#states[at] = state;
    else this.#states.splice(at, 0, state);
    if (this.#states.length > this.limit) this.#states.splice(this.#leastUseful(), 1);
  }

  /** The last saved state at or before `position`. */
  nearest(position: number): State | undefined {
    return this.#states.findLast((state) => state.position <= position);
  }

  /** Drops every state beyond `position`: the tokens after it have changed. */
  invalidateAfter(position: number): void {
    this.#states = this.#states.filter((state) => state.position <= position);
  }

  get states(): readonly State[] {
    return this.#states;
  }

  /**
   * Edits happen mostly near the end, so states are kept log-spaced from there: the one to drop is the one whose gap,
   * measured against its distance from the end, is smallest.
   */
  #leastUseful(): number {
    const states = this.#states;
    const end = states.at(-1)!.position;
    let best = 0;
    let smallest = Infinity;
    for (let i = 0; i < states.length - 1; i++) {
      const before = i === 0 ? 0 : states[i - 1]!.position;
      const gap = states[i + 1]!.position - before;
      const relative = gap / (end - states[i]!.position);
      if (relative < smallest) {
        smallest = relative;
        best = i;
      }
    }
    return best;
  }
}
