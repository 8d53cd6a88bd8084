// Saved states of one sequence by position, thinned out when they become many or large. Losing one costs time, never
// correctness.

import { movedTo, type State, sharedBytes, shareLogs } from "../model/state";

export interface CheckpointLimits {
  readonly count: number;
  /** What the states hold together, shared logs counted once. The newest state is kept even when it alone is larger. */
  readonly bytes: number;
}

export class Checkpoints {
  /** Ascending by position. */
  #states: State[] = [];

  /** @param origin the position that can always be gone back to, without a checkpoint */
  constructor(
    private readonly limits: CheckpointLimits,
    private readonly origin = 0,
  ) {}

  /** Keeps `state`; when there are too many, drops those whose absence costs least. */
  add(state: State): void {
    const at = this.#states.findIndex((other) => other.position >= state.position);
    if (at === -1) this.#states.push(state);
    else if (this.#states[at]!.position === state.position) this.#states[at] = state;
    else this.#states.splice(at, 0, state);
    this.#thinOut();
  }

  /** The last saved state at or before `position`. */
  nearest(position: number): State | undefined {
    return this.#states.findLast((state) => state.position <= position);
  }

  /** Drops every state beyond `position`: the tokens after it have changed. */
  invalidateAfter(position: number): void {
    this.#states = this.#states.filter((state) => state.position <= position);
  }

  /** What was written after `home` into other logs, and led to `end`, goes into those of `home`. @returns `end` there */
  bringHome(home: State, end: State): State {
    let last = home;
    this.#states = this.#states.map((state) => {
      if (state.position <= home.position || state.position >= end.position) return state;
      last = movedTo(last, state);
      return last;
    });
    const moved = movedTo(last, end);
    this.add(moved);
    return moved;
  }

  /** Keeps the states that take next to nothing as long as `kept` is there. */
  shrinkTo(kept: State): void {
    this.#states = this.#states.filter((state) => shareLogs(state, kept));
  }

  /** Others, which begin with the same states. */
  fork(): Checkpoints {
    const other = new Checkpoints(this.limits, this.origin);
    other.#states = [...this.#states];
    return other;
  }

  get states(): readonly State[] {
    return this.#states;
  }

  get bytes(): number {
    return sharedBytes(this.#states);
  }

  #thinOut(): void {
    if (this.#states.length > this.limits.count) this.#states.splice(this.#leastUseful(), 1);
    while (this.#states.length > 1 && this.bytes > this.limits.bytes) this.#states.splice(this.#leastUseful(), 1);
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
      const before = i === 0 ? this.origin : states[i - 1]!.position;
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
