// A gate that can be closed with a reason.

export class Pause {
  #closed: { readonly reason: string; readonly over: Promise<void>; readonly open: () => void } | undefined;

  /** A sentence for the user while the gate is closed. */
  get reason(): string | undefined {
    return this.#closed?.reason;
  }

  /** Closes the gate, or opens it with undefined. */
  set(reason: string | undefined): void {
    if (reason === undefined) {
      this.#closed?.open();
      this.#closed = undefined;
    } else if (this.#closed === undefined) {
      let open = () => {};
      const over = new Promise<void>((resolve) => {
        open = resolve;
      });
      this.#closed = { reason, over, open };
    }
  }

  /** Resolves when the gate is open. */
  async over(): Promise<void> {
    while (this.#closed !== undefined) await this.#closed.over;
  }
}
