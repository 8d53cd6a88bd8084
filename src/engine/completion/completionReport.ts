// What the user can look up about a suggestion: what stood before the live text in its prompt, and what it cost.

import type { CompletionReport, CompletionTiming } from "../../protocol/engine";
import type { MirroredDocument } from "../documents";
import type { Task } from "./task";

export function completionReport(
  { uri, path }: MirroredDocument,
  { prompt, isBrief, repository }: Task,
  timing: CompletionTiming,
): CompletionReport {
  const { base, snippets } = prompt.frame;
  const folder = repository?.folder;
  return {
    uri,
    ...(path === undefined ? {} : { path }),
    at: Date.now(),
    base: { choice: base.choice, reason: base.reason },
    snippets: snippets.map((snippet) => ({
      ...(folder !== undefined && { folder }),
      path: snippet.path,
      startLine: snippet.startLine + 1,
      endLine: snippet.endLine,
      score: snippet.score,
      reason: snippet.reason,
    })),
    ...(isBrief && { isBrief }),
    timing,
  };
}
