// The two times that a machine tells.

export interface Clocks {
  /** Milliseconds since 1970, as the machine's clock says: what a file or a person knows. */
  epochMs(): number;
  /** Milliseconds since some fixed moment, whatever the machine's clock is set to: for how long ago something was. */
  elapsedMs(): number;
}

export const MACHINE_CLOCKS: Clocks = { epochMs: Date.now, elapsedMs: () => performance.now() };
