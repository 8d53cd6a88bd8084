// The engine's parts in the time of a recording: completions and reading ahead, from the queue that the server has.

import { setImmediate as yieldToEvents } from "node:timers/promises";
import { Completer } from "../../engine/completion/completer";
import { CompletionQueue } from "../../engine/completion/completionQueue";
import { PATIENCE } from "../../engine/completion/patience";
import type { MirroredDocument } from "../../engine/documents";
import type { LanguageModel } from "../../engine/model/languageModel";
import { Cancelled, type ModelAccess } from "../../engine/modelAccess";
import { ReadingPace } from "../../engine/readingPace";
import type { DocumentOffer } from "../../engine/repository/offer";
import { type Job, Scheduler } from "../../engine/scheduler";
import { type Clock, sleep } from "../../ghostText/clock";
import type { AskedCompletion } from "../../ghostText/generation";
import type { CompleteParams, CompleteResult, Offset } from "../../protocol/engine";
import { Meter, MeteredModel, type RunTime, type Work } from "./meteredModel";

/** So often in a row nothing must happen before it is believed that nothing will. */
const QUIET_ROUNDS = 4;

export class RecordedEngine {
  readonly #model: MeteredModel;
  readonly #completer: Completer;
  readonly #queue = new CompletionQueue(new Scheduler());
  /** Jobs, and those of them that wait for time to pass or for their turn. */
  #jobs = 0;
  #waiting = 0;
  #steps = 0;

  constructor(lm: LanguageModel, repository: () => DocumentOffer | undefined, runTime: RunTime, time: Clock) {
    this.#model = new MeteredModel(lm.model, runTime, {
      for: (promise) => this.#waitFor(promise),
      pass: (ms) => this.#waitFor(sleep(time, ms, new AbortController().signal)),
    });
    const pace = new ReadingPace({ ...lm, model: this.#model }, { elapsedMs: () => time.now() });
    this.#completer = new Completer({ lm: pace.timed(), repository, patience: { ...PATIENCE, pace } });
  }

  /** `onWork` is told what the request cost, however it ended. */
  complete(
    document: MirroredDocument,
    params: CompleteParams,
    signal: AbortSignal,
    onText: (text: string) => void,
    onWork: (work: Work) => void,
  ): AskedCompletion {
    if (signal.aborted) return unanswered({ type: "cancelled", reason: "cancelled before it was asked" });
    if (document.version !== params.version) return unanswered({ type: "stale", reason: "the document has changed" });
    const meter = new Meter();
    const work = this.#metered(meter, (access) => this.#completer.complete(document, params, access, onText));
    const job = this.#queue.complete(params.isSpeculative === true, work);
    signal.addEventListener("abort", () => job.cancel("cancelled"), { once: true });
    const cancelled: CompleteResult = { type: "cancelled", reason: "cancelled" };
    const result = this.#endOf(job, meter, onWork).then((end) => end ?? cancelled);
    return { result, hurry: (answerBy) => job.raise("completion", answerBy) };
  }

  /** The document has changed. */
  changed(): void {
    this.#queue.stopPreparing();
  }

  async prepare(document: MirroredDocument, offset: Offset, onWork: (work: Work) => void): Promise<void> {
    const meter = new Meter();
    const work = this.#metered(meter, (access) => this.#completer.prepare(document, offset, access));
    await this.#endOf(this.#queue.prepare(work), meter, onWork);
  }

  /** Waits until every job waits for time to pass, or has ended. */
  async settle(): Promise<void> {
    let steps = -1;
    for (let quiet = 0; quiet < QUIET_ROUNDS; quiet++) {
      if (steps !== this.#steps || this.#jobs !== this.#waiting) quiet = 0;
      steps = this.#steps;
      await yieldToEvents();
    }
  }

  /** Work whose runs of the model are counted, and wait for the one that is going on. */
  #metered<R>(meter: Meter, work: (access: ModelAccess) => Promise<R>): (access: ModelAccess) => Promise<R> {
    const next = async (access: ModelAccess) => {
      do {
        if (this.#model.running) await this.#waitFor(this.#model.running);
        await this.#waitFor(access.nextRun());
      } while (this.#model.running);
    };
    return (access) => this.#model.metered(meter, () => work({ nextRun: () => next(access) }));
  }

  /** Undefined when the job was cancelled. */
  async #endOf<R>(job: Job<R>, meter: Meter, onWork: (work: Work) => void): Promise<R | undefined> {
    this.#jobs++;
    try {
      return await job.end;
    } catch (error) {
      if (error instanceof Cancelled) return undefined;
      throw error;
    } finally {
      this.#jobs--;
      onWork(meter.work);
    }
  }

  async #waitFor<R>(promise: Promise<R>): Promise<R> {
    this.#waiting++;
    this.#steps++;
    try {
      return await promise;
    } finally {
      this.#waiting--;
      this.#steps++;
    }
  }
}

function unanswered(result: CompleteResult): AskedCompletion {
  return { result: Promise.resolve(result), hurry: () => {} };
}
