// All files of a checkpoint, several at once, with one progress for all of them.

import { mkdir } from "node:fs/promises";
import type { Clock } from "../../ghostText/clock";
import type { DownloadRecord } from "./downloadRecord";
import { onDisk } from "./faults";
import { type DownloadContext, FileDownload } from "./fileDownload";
import type { RemoteFile } from "./hub";

/** More at once wins nothing on one line, and hubs dislike it. */
const FILES_AT_ONCE = 3;

export interface TransferProgress {
  /** `checkingDownload`: nothing has come since something that is here began to be compared with what the hub says. */
  readonly phase: "downloading" | "checkingDownload";
  readonly doneBytes: number;
  readonly totalBytes: number;
  /** Over the last seconds, once it is known. */
  readonly bytesPerSecond?: number | undefined;
}

interface CheckpointDownload extends Omit<DownloadContext, "onBytes" | "onFound"> {
  readonly files: readonly RemoteFile[];
  readonly folder: string;
  /** It lists them, and has seen all of them afterwards. */
  readonly record: DownloadRecord;
  onProgress(progress: TransferProgress): void;
}

/** After it resolves, every file is in the folder and is what the hub says. The first fault ends all. */
export async function downloadCheckpoint(options: CheckpointDownload): Promise<void> {
  const { files, folder, record, clock, onProgress, ...context } = options;
  await onDisk(folder, mkdir(folder, { recursive: true }));
  const { totalBytes } = record;
  const meter = new RateMeter(clock);
  let doneBytes = 0;
  const report = (phase: TransferProgress["phase"], bytes: number) => {
    doneBytes += bytes;
    onProgress({ phase, doneBytes, totalBytes, bytesPerSecond: meter.bytesPerSecond });
  };
  const onFound = (bytes: number) => report("checkingDownload", bytes);
  const onBytes = (bytes: number) => {
    meter.add(bytes);
    report("downloading", bytes);
  };
  const ending = new AbortController();
  const signal = AbortSignal.any([options.signal, ending.signal]);
  // Small ones first: what is wrong with a checkpoint shows in them, before gigabytes have come.
  const queue = [...files].sort((a, b) => a.bytes - b.bytes);
  const worker = async () => {
    for (let file = queue.shift(); file; file = queue.shift()) {
      if (await record.isAsCompared(file)) {
        onFound(file.bytes);
        continue;
      }
      await new FileDownload(file, folder, { ...context, onFound, onBytes, clock, signal }).run();
      await onDisk(file.path, record.compared(file));
      // At once: who closes the window or whose machine stops does not come to the end.
      await record.save();
    }
  };
  const workers = Array.from({ length: FILES_AT_ONCE }, worker);
  try {
    await Promise.all(workers);
  } catch (error) {
    ending.abort(error);
    await Promise.allSettled(workers);
    options.signal.throwIfAborted();
    throw error;
  } finally {
    await record.save();
  }
}

const WINDOW_MS = 10_000;
/** Chunks come in thousands a second, and at each of them all samples are added up: those of so long make one. */
const SAMPLE_MS = 100;
/** Connections begin slowly: less says nothing. */
const FIRST_RATE_MS = 1000;

/** Bytes a second over the last seconds. */
export class RateMeter {
  private readonly samples: { readonly at: number; bytes: number }[] = [];
  private startedAt: number | undefined;

  constructor(private readonly clock: Clock) {}

  add(bytes: number): void {
    const at = this.clock.now();
    this.startedAt ??= at;
    if (at - this.startedAt < FIRST_RATE_MS) return;
    const last = this.samples.at(-1);
    if (last && at - last.at < SAMPLE_MS) last.bytes += bytes;
    else this.samples.push({ at, bytes });
    while (at - this.samples[0]!.at > WINDOW_MS) this.samples.shift();
  }

  get bytesPerSecond(): number | undefined {
    const first = this.samples[0];
    const elapsedMs = first ? this.clock.now() - first.at : 0;
    if (elapsedMs < FIRST_RATE_MS) return undefined;
    const bytes = this.samples.reduce((sum, sample) => sum + sample.bytes, 0);
    return (1000 * bytes) / elapsedMs;
  }
}
