// How often the engine may end by itself before it is left alone.

const MAX_EXITS = 5;
const WINDOW_MS = 3 * 60_000;
const FIRST_DELAY_MS = 250;
/**
 * In a row, and however far apart, as a large model takes minutes to load. From the third start on, the engine does without a
 * graphics card that has ended it.
 */
const MAX_EXITS_WHILE_LOADING = 2;

/** Restarts after a single crash at once, after repeated ones more and more slowly, and not at all in a crash loop. */
export class RestartBudget {
  private exits: number[] = [];
  /** In a row. */
  private exitsWhileLoading = 0;

  /**
   * Counts an exit. Returns the delay before the next start, or undefined when there have been too many.
   * @param wasLoading whether the engine was loading the model
   */
  takeRestart(now: number, wasLoading: boolean): number | undefined {
    this.exits = [...this.exits.filter((time) => now - time < WINDOW_MS), now];
    if (wasLoading) this.exitsWhileLoading++;
    if (this.exits.length > MAX_EXITS || this.cannotLoad) return undefined;
    return this.exits.length === 1 ? 0 : FIRST_DELAY_MS * 2 ** (this.exits.length - 2);
  }

  /** The model has been loaded. */
  loaded(): void {
    this.exitsWhileLoading = 0;
  }

  /** Whether it is used up because no start came to its end. */
  get cannotLoad(): boolean {
    return this.exitsWhileLoading > MAX_EXITS_WHILE_LOADING;
  }

  /** What to say when the budget is used up. */
  describe(): string {
    return this.cannotLoad
      ? `${this.exitsWhileLoading} times in a row while it loaded the model`
      : `${this.exits.length} times within ${WINDOW_MS / 60_000} minutes`;
  }

  reset(): void {
    this.exits = [];
    this.exitsWhileLoading = 0;
  }
}
