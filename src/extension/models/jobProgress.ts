// A job on a model as the user sees it: a notification with how far it is, which can stop it.

import * as vscode from "vscode";
import { signalOf } from "../cancellation";
import { type Clock, systemClock } from "../clock";
import { withoutLinks } from "../say";
import type { InstallProgress, JobContext } from "./install";
import { describeProgress, describeSilence, InstallBar } from "./installText";

/** The user has stopped it; the message says what that means for the next attempt. */
export class Stopped extends Error {}

/** The notification has a Cancel, after which this throws a Stopped that says `stopped`. */
export function withJobProgress<T>(
  title: string,
  stopped: string,
  parts: Pick<JobContext, "runJob" | "whileUnused">,
  work: (context: JobContext) => Promise<T>,
): Promise<T> {
  const options = { location: vscode.ProgressLocation.Notification, title: withoutLinks(title), cancellable: true };
  const run = async (
    report: vscode.Progress<{ message: string; increment?: number }>,
    token: vscode.CancellationToken,
  ) => {
    const signal = signalOf(token, new Stopped(stopped));
    const reporter = new ProgressReporter(report, systemClock);
    const onProgress = (progress: InstallProgress) => reporter.show(progress);
    return work({ ...parts, clock: systemClock, signal, onProgress }).finally(() => reporter.end());
  };
  return Promise.resolve(vscode.window.withProgress(options, run));
}

/** Bytes come in thousands of pieces a second, and a notification is read a few times a second. */
const REPORT_MS = 200;
/** After so long without a byte somebody wonders whether it hangs; a mirror that fetches a file itself sends nothing for minutes. */
const SILENCE_MS = 10_000;

export class ProgressReporter {
  private readonly bar = new InstallBar();
  private phase = "";
  private reportedAt = Number.NEGATIVE_INFINITY;
  private cancelSilence = () => {};

  constructor(
    private readonly report: vscode.Progress<{ message: string; increment?: number }>,
    private readonly clock: Clock,
  ) {}

  show(progress: InstallProgress): void {
    const { clock, report, bar } = this;
    if (progress.phase === this.phase && clock.now() - this.reportedAt < REPORT_MS) return;
    this.phase = progress.phase;
    this.reportedAt = clock.now();
    report.report({ message: describeProgress(progress), increment: bar.advance(progress) });
    this.cancelSilence();
    const silence = describeSilence(progress);
    if (silence !== undefined) this.cancelSilence = clock.after(SILENCE_MS, () => report.report({ message: silence }));
  }

  end(): void {
    this.cancelSilence();
  }
}
