// Fills a model folder's shards: first what is only rounded, on threads, then what is calibrated, layer after layer, and
// last the hashes of what was not whole before. What is written is noted in the journal as soon as it is safe.

import { basename } from "node:path";
import type { JobProgress } from "../../protocol/modelJobs";
import { type CalibrationFacts, calibrate } from "./calibration/calibrate";
import { calibrated } from "./calibration/room";
import { bytesRead } from "./encodeRows";
import type { PlannedTensor } from "./plan";
import type { Shards } from "./shards";
import { TaskQueue } from "./taskQueue";
import { runTasks } from "./taskRunner";
import type { WorkFolder } from "./workFolder";

/** The bytes are those that are read: the checkpoint's, and the result's own for the hashes. Calibrated ones count CALIBRATION_COST times. */
export interface ConvertProgress extends JobProgress {
  /** The tensor, and in the end the file, that is worked on. */
  readonly name: string;
}

export interface Writing {
  readonly shards: Shards;
  readonly planned: readonly PlannedTensor[];
  readonly work: WorkFolder;
  readonly calibration: CalibrationFacts | undefined;
  /** See RunOptions. */
  readonly threads: number | undefined;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ((progress: ConvertProgress) => void) | undefined;
}

/** @returns the shards' facts, and on how many threads they were written */
export async function writeTensors(writing: Writing) {
  const { shards, planned, work, calibration, threads, signal } = writing;
  const toCalibrate = new Set(calibration === undefined ? [] : calibrated(planned));
  const queue = new TaskQueue(shards, planned, work.done, toCalibrate);
  const progress = new Progress(writing, toCalibrate);
  const journal = new Journal(shards, work);
  const runWaiting = () =>
    runTasks({
      signal,
      threads,
      next: () => queue.next(),
      async onDone(done) {
        const tensor = queue.done(done);
        if ("facts" in done) progress.add(basename(done.task.path), done.facts.bytes);
        else progress.add(done.task.tensor, bytesRead(done.task));
        if (tensor !== undefined) await journal.add(tensor);
      },
    });
  try {
    const used = await runWaiting();
    await journal.makeSafe();
    if (calibration !== undefined) {
      await calibrate({
        ...calibration,
        shards,
        folder: work.path,
        done: work.done,
        threads,
        signal,
        onRounded: (tensor) => progress.addCalibrated(tensor),
        makeSafe: (tensors) => journal.makeSafe(tensors),
      });
      for (const tensor of toCalibrate) queue.complete(tensor);
      await runWaiting(); // The hashes.
    }
    return { facts: queue.facts, threads: used };
  } catch (error) {
    // What is written is kept, whatever has happened. On a full disk the journal may not grow either; what it lacks is written again.
    await journal.makeSafe().catch(() => {});
    throw error;
  }
}

/** Bytes go to the disk for good, and into the journal, in portions: each costs a wait for the disk. */
const SAFE_BYTES = 256 * 2 ** 20;

class Journal {
  #unsafe: PlannedTensor[] = [];

  constructor(
    private readonly shards: Shards,
    private readonly work: WorkFolder,
  ) {}

  /** Notes a tensor that has been written. */
  async add(tensor: PlannedTensor): Promise<void> {
    this.#unsafe.push(tensor);
    if (sourceBytes(this.#unsafe) >= SAFE_BYTES) await this.makeSafe();
  }

  /** @param more tensors that have been written, too */
  async makeSafe(more: readonly PlannedTensor[] = []): Promise<void> {
    const written = [...this.#unsafe, ...more];
    this.#unsafe = [];
    await this.shards.sync();
    await this.work.markDone(written.map(({ source }) => source));
  }
}

/** How many times as long a byte takes that is calibrated, on two cores with AVX2. */
const CALIBRATION_COST = 100;

class Progress {
  readonly #report: Writing["onProgress"];
  readonly #totalBytes: number;
  readonly #doneEarlier: ReadonlySet<string>;
  #doneBytes = 0;
  #earlierBytes = 0;

  constructor({ shards, planned, work, onProgress }: Writing, toCalibrate: ReadonlySet<PlannedTensor>) {
    this.#report = onProgress;
    this.#doneEarlier = work.done;
    const plain = planned.filter((tensor) => !toCalibrate.has(tensor));
    this.#totalBytes = shards.totalBytes + sourceBytes(plain) + CALIBRATION_COST * sourceBytes([...toCalibrate]);
    for (const tensor of plain) if (work.done.has(tensor.source)) this.#addTensor(tensor, tensor.entry.bytes);
  }

  add(name: string, bytes: number): void {
    this.#doneBytes += bytes;
    const [doneBytes, totalBytes, earlierBytes] = [this.#doneBytes, this.#totalBytes, this.#earlierBytes];
    this.#report?.({ name, doneBytes, totalBytes, earlierBytes });
  }

  addCalibrated(tensor: PlannedTensor): void {
    this.#addTensor(tensor, CALIBRATION_COST * tensor.entry.bytes);
  }

  #addTensor({ source }: PlannedTensor, bytes: number): void {
    if (this.#doneEarlier.has(source)) this.#earlierBytes += bytes;
    this.add(source, bytes);
  }
}

function sourceBytes(tensors: readonly PlannedTensor[]): number {
  return tensors.reduce((sum, { entry }) => sum + entry.bytes, 0);
}
