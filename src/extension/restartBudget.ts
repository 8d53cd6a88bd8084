// How often the engine may end by itself before it is left alone.

const MAX_EXITS = 5;
const WINDOW_MS = 3 * 60_000;
const FIRST_DELAY_MS = 250;

/** Restarts after a single crash at once, after repeated ones more and more slowly, and not at all in a crash loop. */
export class RestartBudget {
  private exits: number[] = [];

  /** Counts an exit. Returns the delay before the next start, or undefined when there have been too many. */
  takeRestart(now: number): number | undefined {
    this.exits = [...this.exits.filter((time) => now - time < WINDOW_MS), now];
    if (this.exits.length > MAX_EXITS) return undefined;
    return this.exits.length === 1 ? 0 : FIRST_DELAY_MS * 2 ** (this.exits.length - 2);
  }

  /** What to say when the budget is used up. */
  describe(): string {
    return `${this.exits.length} times within ${WINDOW_MS / 60_000} minutes`;
  }

  reset(): void {
    this.exits = [];
  }
}
