// A job on a model as the user sees it: a notification with how far it is, which can stop it.

import * as vscode from "vscode";
import { systemClock } from "../clock";
import { withoutLinks } from "../say";
import type { InstallContext } from "./install";
import { describeProgress, InstallBar } from "./installText";

/** The user has stopped it; the message says what that means for the next attempt. */
export class Stopped extends Error {}

/** The notification has a Cancel, after which this throws a Stopped that says `stopped`. */
export function withJobProgress<T>(
  title: string,
  stopped: string,
  parts: Pick<InstallContext, "models" | "runJob">,
  work: (context: InstallContext) => Promise<T>,
): Promise<T> {
  const options = { location: vscode.ProgressLocation.Notification, title: withoutLinks(title), cancellable: true };
  const run = async (
    report: vscode.Progress<{ message: string; increment?: number }>,
    token: vscode.CancellationToken,
  ) => {
    const controller = new AbortController();
    token.onCancellationRequested(() => controller.abort(new Stopped(stopped)));
    const show = progressReporter(report);
    return work({ ...parts, clock: systemClock, signal: controller.signal, onProgress: show });
  };
  return Promise.resolve(vscode.window.withProgress(options, run));
}

/** Bytes come in thousands of pieces a second, and a notification is read a few times a second. */
const REPORT_MS = 200;

function progressReporter(
  report: vscode.Progress<{ message: string; increment?: number }>,
): InstallContext["onProgress"] {
  const bar = new InstallBar();
  let phase = "";
  let reportedAt = Number.NEGATIVE_INFINITY;
  return (progress) => {
    if (progress.phase === phase && systemClock.now() - reportedAt < REPORT_MS) return;
    phase = progress.phase;
    reportedAt = systemClock.now();
    report.report({ message: describeProgress(progress), increment: bar.advance(progress) });
  };
}
