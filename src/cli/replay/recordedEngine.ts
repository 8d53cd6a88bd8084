// The engine's parts in the time of a recording: completions and reading ahead, from the queue that the server has.

import { setImmediate as yieldToEvents } from "node:timers/promises";
import { Completer } from "../../engine/completion/completer";
import { CompletionQueue } from "../../engine/completion/completionQueue";
import type { MirroredDocument } from "../../engine/documents";
import type { LanguageModel } from "../../engine/model/languageModel";
import { Cancelled, type ModelAccess } from "../../engine/modelAccess";
import type { RepositoryContext } from "../../engine/repository/repository";
import { Scheduler } from "../../engine/scheduler";
import { type Clock, sleep } from "../../ghostText/clock";
import type { CompleteParams, CompleteResult, Offset } from "../../protocol/engine";
import { Meter, MeteredModel, type RunTime, type Work } from "./meteredModel";

/** So often in a row nothing must happen before it is believed that nothing will. */
const QUIET_ROUNDS = 4;

export class RecordedEngine {
  readonly #model: MeteredModel;
  readonly #completer: Completer;
  readonly #scheduler = new Scheduler();
  readonly #queue = new CompletionQueue(this.#scheduler);
  /** Jobs, and those of them that wait for time to pass or for their turn. */
  #jobs = 0;
  #waiting = 0;
  #steps = 0;

  constructor(lm: LanguageModel, repository: () => RepositoryContext | undefined, runTime: RunTime, time: Clock) {
    this.#model = new MeteredModel(lm.model, runTime, {
      for: (promise) => this.#waitFor(promise),
      pass: (ms) => this.#waitFor(sleep(time, ms, new AbortController().signal)),
    });
    this.#completer = new Completer({ lm: { ...lm, model: this.#model }, repository });
  }

  /** `onWork` is told what the request cost, however it ended. */
  async complete(
    document: MirroredDocument,
    params: CompleteParams,
    signal: AbortSignal,
    onText: (text: string) => void,
    onWork: (work: Work) => void,
  ): Promise<CompleteResult> {
    if (signal.aborted) return { type: "cancelled", reason: "cancelled before it was asked" };
    if (document.version !== params.version) return { type: "stale", reason: "the document has changed" };
    const onStart = (job: number) => {
      signal.addEventListener("abort", () => this.#scheduler.cancel(job, "cancelled"), { once: true });
    };
    const work = (access: ModelAccess) => this.#completer.complete(document, params, access, onText);
    const isSpeculative = params.isSpeculative === true;
    const result = await this.#run(work, onWork, (metered) => this.#queue.complete(isSpeculative, metered, onStart));
    return result ?? { type: "cancelled", reason: "cancelled" };
  }

  async prepare(document: MirroredDocument, offset: Offset, onWork: (work: Work) => void): Promise<void> {
    const work = (access: ModelAccess) => this.#completer.prepare(document, offset, access);
    await this.#run(work, onWork, (metered) => this.#queue.prepare(metered));
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

  /** Undefined when the job was cancelled. */
  async #run<R>(
    work: (access: ModelAccess) => Promise<R>,
    onWork: (work: Work) => void,
    start: (metered: (access: ModelAccess) => Promise<R>) => Promise<R>,
  ): Promise<R | undefined> {
    const meter = new Meter();
    this.#jobs++;
    try {
      const next = async (access: ModelAccess) => {
        do {
          if (this.#model.running) await this.#waitFor(this.#model.running);
          await this.#waitFor(access.nextRun());
        } while (this.#model.running);
      };
      return await start((access) => this.#model.metered(meter, () => work({ nextRun: () => next(access) })));
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
