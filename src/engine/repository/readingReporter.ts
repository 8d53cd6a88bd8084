// Tells how far the reading of a folder has got, and what went wrong: each failure once, until there was none.

import type { LogLevel, ReadingProgress, WorkspaceFolder } from "../../protocol/engine";

export type ReadCounts = Pick<ReadingProgress, "filesRead" | "filesTotal" | "tokens">;

export interface ReadingReporterOptions {
  readonly folder: WorkspaceFolder;
  /** As they are now. */
  readonly counts: () => ReadCounts;
  readonly onProgress: (progress: ReadingProgress) => void;
  readonly log: (level: LogLevel, message: string) => void;
}

export class ReadingReporter {
  #progress: ReadingProgress;
  /** What failed last: tries that fail in the same way are not logged. */
  #failure: string | undefined;

  constructor(private readonly options: ReadingReporterOptions) {
    this.#progress = { folder: options.folder.path, phase: "listing", filesRead: 0, filesTotal: 0, tokens: 0 };
  }

  get progress(): ReadingProgress {
    return this.#progress;
  }

  report(change: Pick<ReadingProgress, "phase" | "message">): void {
    this.#progress = { folder: this.options.folder.path, ...this.options.counts(), ...change };
    this.options.onProgress(this.#progress);
  }

  /** @param message a sentence for the user; `details` are for the log */
  failed(message: string, level: LogLevel, details = message): void {
    if (this.#failure !== message) this.options.log(level, details);
    this.#failure = message;
    this.report({ phase: "failed", message });
  }

  succeeded(): void {
    this.#failure = undefined;
  }
}
