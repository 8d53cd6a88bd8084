// A list of listeners, for the parts that do without VS Code's own.

export class Emitter<T> {
  private readonly listeners = new Set<(value: T) => void>();

  /** Calls `listener` with every value from now on, until the returned function is called. */
  on(listener: (value: T) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  fire(value: T): void {
    for (const listener of [...this.listeners]) listener(value);
  }

  /** Waits until `isDone`, which is looked at now and at every value, or until `signal` aborts. */
  until(isDone: () => boolean, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!isDone() && !signal?.aborted) return;
        stopListening();
        signal?.removeEventListener("abort", look);
        resolve();
      };
      const stopListening = this.on(look);
      signal?.addEventListener("abort", look);
      look();
    });
  }
}
