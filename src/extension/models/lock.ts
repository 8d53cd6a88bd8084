// One window at a time works in the folder of models; the others wait.

import { dirname } from "node:path";
import { type Clock, sleep } from "../../ghostText/clock";
import { type Claim, isClaimed, LOOK_MS, LOOKS_BEFORE_TAKING, tryClaim } from "../../machine/claim";
import { makeFolder } from "../../machine/makeFolder";
import { onDisk } from "./faults";

export interface LockOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Called once, when another process holds the lock. */
  onWait(): void;
}

/** Runs `work` while this process alone holds the lock at `path`. Throws the signal's reason if it comes first, or a Fault of the disk. */
export async function withLock<T>(path: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  await onDisk(dirname(path), makeFolder(dirname(path)));
  const claim = await claimed(path, options);
  try {
    return await work();
  } finally {
    await claim.release();
  }
}

async function claimed(path: string, { clock, signal, onWait }: LockOptions): Promise<Claim> {
  let looksAtSilent = 0;
  for (let looks = 0; ; looks++) {
    const claim = await onDisk(path, tryClaim(path, looksAtSilent > LOOKS_BEFORE_TAKING));
    if (claim !== undefined) return claim;
    looksAtSilent = (await isClaimed(path)) ? 0 : looksAtSilent + 1;
    if (looks === 0) onWait();
    await sleep(clock, LOOK_MS, signal);
    signal.throwIfAborted();
  }
}
