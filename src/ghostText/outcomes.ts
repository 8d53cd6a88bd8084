// How completions end: each in the log, and why the last one failed, for as long as that is so.

import type { CompleteResult } from "../protocol/engine";

/** Text of documents goes to `trace` only. */
export type CompletionLog = Readonly<Record<"trace" | "debug" | "warn", (message: string) => void>>;

export class Outcomes {
  #failure: string | undefined;

  /** @param failureChanged is told when `failure` has changed */
  constructor(
    private readonly log: CompletionLog,
    private readonly failureChanged: () => void,
  ) {}

  /** Why the last completion failed, as a sentence, until one does not. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** To be told of each result. */
  note(result: CompleteResult, elapsedMs: number): void {
    this.#logResult(result, elapsedMs);
    if (result.type === "failed") this.#noteFailure(result.message);
    if (result.type === "success" || result.type === "empty") this.#noteFailure(undefined);
  }

  /** To be told when there is another engine: why the one before failed says nothing about it. */
  engineStarted(): void {
    this.#noteFailure(undefined);
  }

  #logResult(result: CompleteResult, elapsedMs: number): void {
    const took = `${Math.round(elapsedMs)} ms`;
    if (result.type === "success") {
      const { reusedTokens, replayedTokens, generatedTokens, queueMs, prefillMs, decodeMs } = result.timing;
      const tokens = `${reusedTokens} tokens reused, ${replayedTokens} replayed, ${generatedTokens} generated`;
      const times = `queue ${Math.round(queueMs)}, prefill ${Math.round(prefillMs)}, decode ${Math.round(decodeMs)} ms`;
      this.log.debug(`Completion in ${took}: ${tokens}; ${times}.`);
    } else if (result.type !== "failed") {
      this.log.trace(`No completion after ${took}: ${result.type}, ${result.reason}.`);
    }
  }

  #noteFailure(message: string | undefined): void {
    // The same failure comes again with every key; once is enough.
    if (message === this.#failure) return;
    this.#failure = message;
    if (message !== undefined) this.log.warn(`Completion failed: ${message}`);
    this.failureChanged();
  }
}
