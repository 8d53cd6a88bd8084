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

  /** Moves the states after `home`, up to `end`, from logs of their own into those of `home`. @returns `end` as it is there */
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

  /** Keeps only the states that share their logs with one of `kept`: beside it they take next to nothing. */
  shrinkTo(kept: readonly State[]): void {
    this.#states = this.#states.filter((state) => kept.some((one) => shareLogs(state, one)));
  }

  /** A second set of checkpoints, with the same states for now. */
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
    if (this.#states.length > this.limits.count) this.#drop(this.#leastUseful());
    while (this.#states.length > 1 && this.bytes > this.limits.bytes) this.#drop(this.#leastUsefulForItsBytes());
  }

  #drop({ from, to }: Run): void {
    this.#states.splice(from, to - from);
  }

  #leastUseful(): Run {
    return least(
      this.#states.slice(1).map((_, index) => ({ from: index, to: index + 1 })),
      (run) => this.#relativeGap(run),
    );
  }

  /**
   * What costs least to lose for each byte that it frees: one state, or all that share a log. Most of the bytes are logs, and a
   * log is freed only with the last state in it.
   */
  #leastUsefulForItsBytes(): Run {
    const { bytes } = this;
    const freed = ({ from, to }: Run) =>
      bytes - sharedBytes([...this.#states.slice(0, from), ...this.#states.slice(to)]);
    return least([this.#leastUseful(), ...this.#neighbors()], (run) => this.#relativeGap(run) / freed(run));
  }

  /** The runs of states that share their logs, without the newest one. */
  #neighbors(): Run[] {
    const runs: Run[] = [];
    let from = 0;
    this.#states.forEach((state, index) => {
      if (index === 0 || shareLogs(this.#states[index - 1]!, state)) return;
      runs.push({ from, to: index });
      from = index;
    });
    return runs;
  }

  /**
   * The gap that a run would leave, measured against its distance from the end. Edits happen mostly near the end, so states
   * are kept log-spaced from there.
   */
  #relativeGap({ from, to }: Run): number {
    const before = from === 0 ? this.origin : this.#states[from - 1]!.position;
    return (this.#states[to]!.position - before) / (this.#states.at(-1)!.position - this.#states[to - 1]!.position);
  }
}

/** States one after the other: indices from `from` to before `to`. */
interface Run {
  readonly from: number;
  readonly to: number;
}

function least(runs: readonly Run[], measure: (run: Run) => number): Run {
  const measures = runs.map(measure);
  return runs[measures.indexOf(Math.min(...measures))]!;
}
