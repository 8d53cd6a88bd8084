// Plays a recording against the engine's parts, key by key, through the decisions that the extension makes.

import { resolve } from "node:path";
import { setImmediate as yieldToEvents } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { Completer as EngineCompleter } from "../../engine/completer";
import { Documents, type MirroredDocument } from "../../engine/documents";
import type { LanguageModel } from "../../engine/languageModel";
import type { Repository } from "../../engine/repository/repository";
import { Cancelled, type Turn } from "../../engine/turn";
import { sleep } from "../../ghostText/clock";
import { Completer, type CompletionLog, type CompletionQuestion } from "../../ghostText/completer";
import type { CompleteParams, CompleteResult } from "../../protocol/engine";
import { lineAfter, lineBefore } from "../../text/lines";
import type { RecordedEvent, Recording } from "../../text/recording";
import { MeteredModel, NO_WORK, type Work } from "./meteredModel";
import { RecordedTime } from "./recordedTime";

export interface PlayOptions {
  /** Every answer is waited for, however long it takes: the same figures on every machine. */
  readonly isPatient: boolean;
  /** What the document draws on; its file need not exist there. */
  readonly repository?: { readonly folder: string; readonly contents: Repository };
}

/** How a keystroke was answered. */
export type Outcome =
  /** Typed as suggested: without the engine. */
  | "shown"
  /** Nothing was to be asked here. */
  | "skipped"
  /** The next key came before the engine was asked, or before its answer. */
  | "superseded"
  | "cancelled"
  | "suggested"
  | "empty";

export interface Keystroke {
  readonly outcome: Outcome;
  readonly work: Work;
  /** Tokens that were run while the cursor rested here. */
  readonly readAhead: number;
}

/** VS Code asks providers this long after a key. */
const EDITOR_DELAY_MS = 50;
/** And the extension lets the engine read ahead where the cursor rests this long: readAhead.ts. */
const SETTLED_MS = 150;
/** After the last event, time for its answer. */
const AFTERMATH_MS = 1000;

/** Returns what became of every keystroke, in order. Moves of the cursor are played and not listed. */
export async function play(lm: LanguageModel, recording: Recording, options: PlayOptions): Promise<Keystroke[]> {
  return new Player(lm, recording, options).play();
}

class Player {
  readonly #model: MeteredModel;
  readonly #engine: EngineCompleter;
  readonly #document: MirroredDocument;
  readonly #completer: Completer;
  readonly #time = new RecordedTime(() => this.#settle());
  #running: Promise<unknown> | undefined;
  #question = new AbortController();
  #stopReadingAhead: () => void = () => {};
  readonly #failures: unknown[] = [];
  #nextEventMs = 0;
  #current: { -readonly [Key in keyof Keystroke]: Keystroke[Key] } = newKeystroke();

  constructor(
    lm: LanguageModel,
    private readonly recording: Recording,
    private readonly options: PlayOptions,
  ) {
    this.#model = new MeteredModel(lm.model);
    const { file, languageId, text } = recording.header;
    const { folder = "", contents } = options.repository ?? {};
    const uri = pathToFileURL(resolve(folder, file)).href;
    this.#engine = new EngineCompleter({
      lm: { ...lm, model: this.#model },
      repository: () => contents?.contextOf(uri),
    });
    this.#document = new Documents().open({ uri, version: 1, languageId, path: file, text });
    const asking = {
      complete: (params: CompleteParams, signal: AbortSignal) => this.#ask(params, signal),
    };
    this.#completer = new Completer(asking, this.#time, SILENT);
  }

  async play(): Promise<Keystroke[]> {
    const { events } = this.recording;
    const keystrokes: Keystroke[] = [];
    for (const [index, event] of events.entries()) {
      await this.#time.advanceTo(event.tMs);
      if (this.#failures.length > 0) throw this.#failures[0];
      this.#nextEventMs = events[index + 1]?.tMs ?? Number.POSITIVE_INFINITY;
      this.#current = newKeystroke();
      if (event.edits.length > 0) keystrokes.push(this.#current);
      this.#happen(event);
    }
    await this.#time.advanceTo(this.#time.now() + AFTERMATH_MS);
    return keystrokes;
  }

  #happen(event: RecordedEvent): void {
    this.#question.abort();
    this.#question = new AbortController();
    const { uri } = this.#document;
    if (event.edits.length > 0) {
      const version = this.#document.version + 1;
      this.#document.change(version, event.edits);
      for (const edit of event.edits) this.options.repository?.contents.recordEdit(uri, this.#document.text, edit);
      this.#completer.documentChanged(uri, version, event.edits);
    }
    this.#readAheadWhenSettled(event);
    if (event.edits.length === 0 && event.request === undefined) return;

    const answer = this.#completer.complete(this.#questionAt(event), this.#question.signal);
    if (answer instanceof Promise) answer.catch((error: unknown) => this.#failures.push(error));
    else this.#current.outcome = answer === undefined ? "skipped" : "shown";
  }

  #questionAt({ cursor, request }: RecordedEvent): CompletionQuestion {
    const { uri, version, text } = this.#document;
    const lineStart = text.lastIndexOf("\n", cursor - 1) + 1;
    const lineEnd = text.indexOf("\n", cursor);
    return {
      place: { uri, version, offset: cursor },
      trigger: request ?? "automatic",
      mode: "automatic",
      isEnabled: true,
      hasSelection: false,
      lineBefore: lineBefore(text.slice(lineStart, cursor)),
      lineAfter: lineAfter(text.slice(cursor, lineEnd === -1 ? undefined : lineEnd)),
      currentVersion: () => this.#document.version,
      isMirrored: () => true,
    };
  }

  async #ask(params: CompleteParams, signal: AbortSignal): Promise<CompleteResult> {
    const keystroke = this.#current;
    if (params.trigger === "automatic") await sleep(this.#time, EDITOR_DELAY_MS, signal);
    if (signal.aborted) return { type: "cancelled", reason: "the next key came first" };
    return this.#run(async () => {
      this.#model.take();
      const result = await this.#engine
        .complete(this.#document, params, this.#turnUntilNextEvent())
        .catch((error: unknown): CompleteResult => {
          if (error instanceof Cancelled) return { type: "cancelled", reason: error.reason };
          throw error;
        });
      keystroke.work = this.#model.take();
      keystroke.outcome = OUTCOMES[result.type];
      return result;
    });
  }

  #readAheadWhenSettled({ cursor }: RecordedEvent): void {
    const keystroke = this.#current;
    this.#stopReadingAhead();
    this.#stopReadingAhead = this.#time.after(SETTLED_MS, () => {
      void this.#run(async () => {
        this.#model.take();
        await this.#engine.prepare(this.#document, cursor, this.#turnUntilNextEvent()).catch((error: unknown) => {
          if (!(error instanceof Cancelled)) throw error;
        });
        keystroke.readAhead = this.#model.take().replayed;
      });
    });
  }

  /** The engine looks between two runs whether somebody has typed on. */
  #turnUntilNextEvent(): Turn {
    const until = performance.now() + this.#nextEventMs - this.#time.now();
    return {
      next: async () => {
        if (!this.options.isPatient && performance.now() > until) throw new Cancelled("the next key came");
      },
    };
  }

  /** One thing at a time, as the scheduler would have it. */
  #run<R>(work: () => Promise<R>): Promise<R> {
    const run = (this.#running ?? Promise.resolve()).then(work);
    this.#running = run;
    return run;
  }

  async #settle(): Promise<void> {
    await yieldToEvents();
    while (this.#running !== undefined) {
      const running = this.#running;
      await running;
      if (this.#running === running) this.#running = undefined;
      await yieldToEvents();
    }
  }
}

const OUTCOMES: Readonly<Record<CompleteResult["type"], Outcome>> = {
  success: "suggested",
  empty: "empty",
  cancelled: "cancelled",
  stale: "cancelled",
  failed: "cancelled",
};

const SILENT: CompletionLog = { trace: () => {}, debug: () => {}, warn: () => {} };

function newKeystroke(): Keystroke {
  return { outcome: "superseded", work: NO_WORK, readAhead: 0 };
}
