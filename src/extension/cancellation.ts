// VS Code's way to cancel, as the signal that everything else takes.

import type * as vscode from "vscode";

/** @param reason what is thrown where it ends something; absent: the usual AbortError */
export function signalOf(token: vscode.CancellationToken, reason?: Error): AbortSignal {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort(reason);
  else token.onCancellationRequested(() => controller.abort(reason));
  return controller.signal;
}
