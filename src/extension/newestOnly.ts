// Does one piece of work at a time. Of what is asked for meanwhile, only the newest is done after it.

export class NewestOnly<Wanted> {
  private waiting: { readonly wanted: Wanted } | undefined;
  private isBusy = false;

  constructor(private readonly work: (wanted: Wanted) => Promise<void>) {}

  /** Resolves when it has been done, or at once when another one is at work. */
  async request(wanted: Wanted): Promise<void> {
    this.waiting = { wanted };
    if (this.isBusy) return;
    this.isBusy = true;
    try {
      for (let next = this.take(); next !== undefined; next = this.take()) await this.work(next.wanted);
    } finally {
      this.isBusy = false;
    }
  }

  private take(): { readonly wanted: Wanted } | undefined {
    const next = this.waiting;
    this.waiting = undefined;
    return next;
  }
}
