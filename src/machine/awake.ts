// Time without that in which the machine sleeps: the timers of some systems go on meanwhile, and whatever they watch over
// has had no time at all. So time is counted in steps, of which a sleep is one, however long it was.

const STEP_MS = 1_000;
/** No run of the model keeps a step waiting for so long. */
const LATE_MS = 30_000;

export interface Timers {
  /** Runs `action` once, after `delayMs`; the returned function prevents it. */
  after(delayMs: number, action: () => void): () => void;
}

export const TIMERS: Timers = {
  after(delayMs, action) {
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  },
};

/** Runs `action` once, after `delayMs` in which this process ran; the returned function prevents it. */
export function afterAwake(timers: Timers, delayMs: number, action: () => void, longestStepMs = STEP_MS): () => void {
  let leftMs = delayMs;
  let cancel = () => {};
  step();
  return () => cancel();

  function step(): void {
    const stepMs = Math.min(longestStepMs, leftMs);
    leftMs -= stepMs;
    cancel = timers.after(stepMs, leftMs > 0 ? step : action);
  }
}

/** Aborts after `delayMs` in which this process ran. */
export function timeoutAwake(delayMs: number): AbortSignal {
  const timeout = new AbortController();
  const reason = `it did not come to an end within ${delayMs / 1000} seconds`;
  afterAwake(QUIET_TIMERS, delayMs, () => timeout.abort(new Error(reason)));
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
  const looking = setInterval(look, STEP_MS).unref();
  try {
    const result = await work();
    look();
    return hasSlept ? undefined : result;
  } finally {
    clearInterval(looking);
  }
}

/** They keep no process alive. */
const QUIET_TIMERS: Timers = {
  after(delayMs, action) {
    const timer = setTimeout(action, delayMs).unref();
    return () => clearTimeout(timer);
  },
};
