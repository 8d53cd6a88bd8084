// Trying again: after faults that pass by themselves, with pauses that grow or that the server asks for, and not for ever.

import { type Clock, sleep } from "../../ghostText/clock";
import { Fault } from "./faults";

export interface Patience {
  /** Attempts in a row that bring nothing. */
  readonly tries: number;
  /** Before the second attempt; doubled before each that follows. */
  readonly firstPauseMs: number;
  /** A server that asks for a longer one is not waited for, and after a longer silence only one more attempt is made. */
  readonly longestPauseMs: number;
}

/** The hub counts requests in windows of five minutes, and whoever has asked too often waits for the next one. */
export const PATIENCE: Patience = { tries: 6, firstPauseMs: 1000, longestPauseMs: 6 * 60_000 };

export interface Retrying {
  readonly patience: Patience;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Whether trying again may help; absent: as the fault itself says. */
  readonly isPassing?: (fault: Fault) => boolean;
  onPause?(fault: Fault, pauseMs: number): void;
}

/**
 * @param attempt throws Faults
 * @param hasProgressed whether the attempt that failed just now was worth it: then it does not count
 */
export async function retrying<T>(
  { patience, clock, signal, isPassing = (fault) => fault.isPassing, onPause }: Retrying,
  attempt: () => Promise<T>,
  hasProgressed: () => Promise<boolean> = async () => false,
): Promise<T> {
  let failures = 0;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof Fault)) throw error;
      failures = (await hasProgressed()) ? 1 : failures + 1;
      const grown = Math.min(patience.firstPauseMs * 2 ** (failures - 1), patience.longestPauseMs);
      const pauseMs = error.retryAfterMs ?? grown;
      const tries = error.silentMs > patience.longestPauseMs ? Math.min(patience.tries, 2) : patience.tries;
      if (!isPassing(error)) throw error;
      if (failures >= tries || pauseMs > patience.longestPauseMs) {
        error.addTries(failures);
        throw error;
      }
      onPause?.(error, pauseMs);
      await sleep(clock, pauseMs, signal);
      signal.throwIfAborted();
    }
  }
}
