// The progress of all folders as one, and in words.

import type { ReadingProgress } from "../../protocol/engine";
import { count, grouped } from "../phrases";

export type ReadingPhase = ReadingProgress["phase"];

export interface ReadingSummary {
  readonly phase: ReadingPhase;
  readonly filesRead: number;
  readonly filesTotal: number;
  readonly tokens: number;
  /** Sentences: why it is paused, and what has failed. */
  readonly messages: readonly string[];
}

/** Several folders are in the phase of the one that has most to do; what has failed is told beside it. */
const LEFT_TO_DO: Readonly<Record<ReadingPhase, number>> = {
  reading: 5,
  restoring: 4,
  listing: 3,
  paused: 2,
  failed: 1,
  done: 0,
};

export function summarizeReading(folders: readonly ReadingProgress[]): ReadingSummary | undefined {
  const [phase] = folders.map((folder) => folder.phase).sort((a, b) => LEFT_TO_DO[b] - LEFT_TO_DO[a]);
  if (phase === undefined) return undefined;
  const sum = (key: "filesRead" | "filesTotal" | "tokens"): number =>
    folders.reduce((total, folder) => total + folder[key], 0);
  const messages = folders.flatMap((folder) =>
    folder.message !== undefined && (folder.phase === phase || folder.phase === "failed") ? [folder.message] : [],
  );
  return {
    phase,
    filesRead: sum("filesRead"),
    filesTotal: sum("filesTotal"),
    tokens: sum("tokens"),
    messages: [...new Set(messages)],
  };
}

/** Such as "read 312 of 940 files". */
export function readingPhrase({ phase, filesRead, filesTotal }: Omit<ReadingSummary, "messages">): string {
  const progress = `read ${grouped(filesRead)} of ${count(filesTotal, "file")}`;
  switch (phase) {
    case "listing":
      return "looking for files";
    case "restoring":
      return "restoring what was read before";
    case "reading":
      return progress;
    case "paused":
      return `paused; ${progress}`;
    case "failed":
      return `failed; ${progress}`;
    case "done":
      return filesRead < filesTotal ? progress : `read ${count(filesRead, "file")}`;
  }
}
