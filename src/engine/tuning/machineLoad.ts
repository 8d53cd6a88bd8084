// Whether this machine has processors to spare.

import { cpus } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

/** The system counts in steps of about 10 ms. */
const WATCHED_MS = 200;

/** The share of all processors' time that is idle. With less, what is measured says little of what the machine can do. */
const MOSTLY_IDLE = 0.7;

/** Whether there are enough of them during the next moment for a measurement. */
export async function isIdle(): Promise<boolean> {
  return (await idleShare()) >= MOSTLY_IDLE;
}

/** The share of all processors' time that was idle during the next moment, 0 to 1. */
async function idleShare(): Promise<number> {
  const before = totals();
  await sleep(WATCHED_MS);
  const after = totals();
  const all = after.all - before.all;
  return all === 0 ? 1 : (after.idle - before.idle) / all;
}

function totals(): { readonly idle: number; readonly all: number } {
  let idle = 0;
  let all = 0;
  for (const { times } of cpus()) {
    idle += times.idle;
    all += times.user + times.nice + times.sys + times.irq + times.idle;
  }
  return { idle, all };
}
