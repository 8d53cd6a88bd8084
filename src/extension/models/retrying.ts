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

/** With a network that is gone: whether it is back is looked for every 15 seconds, for a quarter of an hour in which the machine is awake. */
export const OUTAGE_PATIENCE: Patience = { tries: 64, firstPauseMs: 1000, longestPauseMs: 15_000 };

export interface Retrying {
  readonly patience: Patience;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /**
   * Whether the fault means that a network is gone which was there before, and so will come back; absent: that is not known.
   */
  readonly isOutage?: (fault: Fault) => boolean;
  onPause?(fault: Fault, pauseMs: number): void;
}

/**
 * @param attempt throws Faults
 * @param hasProgressed whether the attempt that failed just now has brought something: then the attempts are counted anew
 */
export async function retrying<T>(
  { patience: usualPatience, clock, signal, isOutage = () => false, onPause }: Retrying,
  attempt: () => Promise<T>,
  hasProgressed: () => Promise<boolean> = async () => false,
): Promise<T> {
  const failed = new Map<Patience, number>();
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof Fault)) throw error;
      if (!error.isPassing && !isOutage(error)) throw error;
      if (await hasProgressed()) failed.clear();
      const patience = isOutage(error) ? OUTAGE_PATIENCE : usualPatience;
      const failures = (failed.get(patience) ?? 0) + 1;
      failed.set(patience, failures);
      const grown = Math.min(patience.firstPauseMs * 2 ** (failures - 1), patience.longestPauseMs);
      const pauseMs = error.retryAfterMs ?? grown;
      const tries = error.silentMs > patience.longestPauseMs ? Math.min(patience.tries, 2) : patience.tries;
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
