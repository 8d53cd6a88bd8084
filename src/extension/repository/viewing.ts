// Which lines the user looks at: told once the view has come to rest, and not twice.

import type { HostMessage } from "../../protocol/engine";
import type { Clock } from "../clock";

/** 1-based, inclusive. */
export interface LinesInView {
  readonly startLine: number;
  readonly endLine: number;
}

/** Scrolling past is not looking. */
const SETTLED_MS = 1000;

export class Viewing {
  private lastTold = "";
  private cancelTimer = () => {};

  constructor(
    private readonly clock: Clock,
    private readonly send: (message: HostMessage) => boolean,
  ) {}

  /** `view` is asked when the view has come to rest. */
  moved(view: () => { readonly uri: string; readonly ranges: readonly LinesInView[] } | undefined): void {
    this.cancelTimer();
    this.cancelTimer = this.clock.after(SETTLED_MS, () => {
      const seen = view();
      if (seen) this.tell(seen.uri, seen.ranges);
    });
  }

  /** The engine that was told has gone. */
  forget(): void {
    this.lastTold = "";
  }

  dispose(): void {
    this.cancelTimer();
  }

  private tell(uri: string, ranges: readonly LinesInView[]): void {
    const seen = JSON.stringify([uri, ranges]);
    if (seen === this.lastTold) return;
    const isTold = ranges.every(({ startLine, endLine }) => this.send({ type: "viewed", uri, startLine, endLine }));
    if (isTold) this.lastTold = seen;
  }
}
