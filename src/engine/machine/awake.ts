// Time without that in which the machine sleeps: the timers of some systems go on meanwhile, and whatever they watch over
// has had no time at all. So time is counted in steps, of which a sleep is one, however long it was.

const STEP_MS = 1_000;
/** No run of the model keeps a step waiting for so long. */
const LATE_MS = 30_000;

/** Aborts after `delayMs` in which this process ran. */
export function timeoutAwake(delayMs: number): AbortSignal {
  const timeout = new AbortController();
  let leftMs = delayMs;
  const stop = eachStep(() => {
    leftMs -= STEP_MS;
    if (leftMs > 0) return;
    stop();
    timeout.abort(new Error(`it did not come to an end within ${delayMs / 1000} seconds`));
  });
  return timeout.signal;
}

/** What comes of `work`; undefined when the machine slept meanwhile. */
export async function unlessAsleep<R>(work: () => Promise<R>): Promise<R | undefined> {
  let hasSlept = false;
  let lastMs = Date.now();
  const look = () => {
    const now = Date.now();
    if (now - lastMs > LATE_MS) hasSlept = true;
    lastMs = now;
  };
  const stop = eachStep(look);
  try {
    const result = await work();
    look();
    return hasSlept ? undefined : result;
  } finally {
    stop();
  }
}

/** @returns what ends it */
function eachStep(action: () => void): () => void {
  let timer = setTimeout(step, STEP_MS).unref();
  return () => clearTimeout(timer);

  function step(): void {
    timer = setTimeout(step, STEP_MS).unref();
    action();
  }
}
