// How long a repeated run takes, and whether others had the processors meanwhile. Plain numbers; what runs is not known here.

import { availableParallelism } from "node:os";

export interface TimedRuns {
  /** Milliseconds of the fastest run. */
  readonly fastestMs: number;
  /** The share of the asked processors' time that this process had: much less than 1 when others wanted them, too. */
  readonly share: number;
}

/** The clocks, and the machine; tests bring their own. */
export interface Measuring {
  readonly processors: number;
  now(): number;
  /** Milliseconds that this process has had of all processors together. */
  usedMs(): number;
}

/** Windows counts what a process uses in steps of 15.6 ms. */
const LEAST_MS = 250;
const LEAST_RUNS = 3;

const HERE: Measuring = {
  processors: availableParallelism(),
  now: () => performance.now(),
  usedMs: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
};

/** Runs `run`, which uses so many threads, a few times at least, and until the clocks have something to say. */
export async function timeRuns(run: () => Promise<unknown>, threads: number, measuring = HERE): Promise<TimedRuns> {
  const { processors, now, usedMs } = measuring;
  const usedBefore = usedMs();
  const times: number[] = [];
  let totalMs = 0;
  while (times.length < LEAST_RUNS || totalMs < LEAST_MS) {
    const began = now();
    await run();
    times.push(now() - began);
    totalMs += times.at(-1)!;
  }
  const share = (usedMs() - usedBefore) / (totalMs * Math.min(threads, processors));
  return { fastestMs: Math.min(...times), share };
}

export function median(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)]!;
}
