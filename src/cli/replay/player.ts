// Plays a recording against the engine's parts, key by key, through the decisions that the extension makes.

import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Documents, type MirroredDocument } from "../../engine/documents";
import type { LanguageModel } from "../../engine/model/languageModel";
import type { Repository } from "../../engine/repository/repository";
import { sleep } from "../../ghostText/clock";
import type { CompletionQuestion } from "../../ghostText/completionQuestion";
import type { AskedCompletion, Completing } from "../../ghostText/generation";
import { GhostText } from "../../ghostText/ghostText";
import type { CompletionLog } from "../../ghostText/outcomes";
import { RestingCursor } from "../../ghostText/restingCursor";
import { cursorAfterKey } from "../../ghostText/typedKey";
import type { CompleteParams, DocumentPlace } from "../../protocol/engine";
import { lineAfter, lineBefore } from "../../text/lines";
import type { RecordedEvent, Recording } from "../../text/recording";
import { addWork, NO_WORK, type RunTime, type Work } from "./meteredModel";
import { RecordedEngine } from "./recordedEngine";
import { RecordedTime } from "./recordedTime";

export interface PlayOptions {
  readonly runTime: RunTime;
  /** What the document draws on; its file need not exist there. */
  readonly repository?: { readonly folder: string; readonly contents: Repository };
}

/** How a keystroke was answered. */
export type Outcome =
  /** Typed as suggested: without the engine. */
  | "shown"
  /** By what the engine was writing already. */
  | "inFlight"
  /** Nothing was to be asked here. */
  | "skipped"
  /** The next key came first, and nothing had been asked of the engine because of this one. */
  | "superseded"
  /** The next key came before the engine's answer. */
  | "cancelled"
  | "suggested"
  | "empty";

export interface Keystroke {
  readonly outcome: Outcome;
  /** What the engine was asked because of this key. */
  readonly work: Work;
  /** Tokens that were run while the cursor rested here. */
  readonly readAhead: number;
  /** And those that were run for the time after the suggestion is accepted. */
  readonly ahead: number;
}

/** VS Code asks providers this long after a key. */
const EDITOR_DELAY_MS = 50;
/** After the last event, time for its answer. */
const AFTERMATH_MS = 1000;

/** Returns what became of every keystroke, in order. Moves of the cursor are played and not listed. */
export async function play(lm: LanguageModel, recording: Recording, options: PlayOptions): Promise<Keystroke[]> {
  return new Player(lm, recording, options).play();
}

class Player {
  readonly #engine: RecordedEngine;
  readonly #document: MirroredDocument;
  readonly #ghostText: GhostText;
  readonly #time = new RecordedTime(() => this.#engine.settle());
  #question = new AbortController();
  readonly #cursor = new RestingCursor(this.#time);
  readonly #failures: unknown[] = [];
  #current: { -readonly [Key in keyof Keystroke]: Keystroke[Key] } = newKeystroke();

  constructor(
    lm: LanguageModel,
    private readonly recording: Recording,
    private readonly options: PlayOptions,
  ) {
    const { file, languageId, text } = recording.header;
    const { folder = "", contents } = options.repository ?? {};
    const uri = pathToFileURL(resolve(folder, file)).href;
    this.#engine = new RecordedEngine(lm, () => contents?.offerFor(uri), options.runTime, this.#time);
    this.#document = new Documents().open({ uri, version: 1, languageId, path: file, text });
    const engine = {
      complete: (...asked: Parameters<Completing["complete"]>) => this.#askEngine(...asked),
      prepare: (place: DocumentPlace) => this.#prepare(place),
    };
    this.#ghostText = new GhostText(engine, this.#time, SILENT);
  }

  async play(): Promise<Keystroke[]> {
    const { now } = performance;
    // What the engine measures, and waits for no longer than, is in the recording's time, too.
    performance.now = () => this.#time.now();
    try {
      return await this.#playAll();
    } finally {
      performance.now = now;
    }
  }

  async #playAll(): Promise<Keystroke[]> {
    const keystrokes: Keystroke[] = [];
    for (const event of this.recording.events) {
      await this.#time.advanceTo(event.tMs);
      if (this.#failures.length > 0) throw this.#failures[0];
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
      this.options.repository?.contents.recordEdits(uri, this.#document.text, event.edits);
      this.#document.change(version, event.edits);
      this.#engine.changed();
      this.#ghostText.documentChanged(uri, version, event.edits);
      const isKey = event.request === undefined && cursorAfterKey(event.edits) === event.cursor;
      if (isKey) this.#ghostText.keyTyped(this.#questionAt(event));
    }
    const place = { uri, version: this.#document.version, offset: event.cursor };
    this.#cursor.moved(() => this.#ghostText.cursorRests(place));
    if (event.edits.length === 0 && event.request === undefined) return;
    this.#ask(event, this.#question.signal).catch((error: unknown) => this.#failures.push(error));
  }

  /** As VS Code asks: a little later, and not at all when the next key has come by then. */
  async #ask(event: RecordedEvent, signal: AbortSignal): Promise<void> {
    const keystroke = this.#current;
    if (event.request === undefined) await sleep(this.#time, EDITOR_DELAY_MS, signal);
    if (signal.aborted) return;
    const answer = this.#ghostText.complete(this.#questionAt(event), signal);
    const suggestion = await answer;
    if (signal.aborted) return;
    // What was not asked of the engine because of this key was known from an earlier question.
    if (keystroke.outcome === "cancelled") keystroke.outcome = suggestion === undefined ? "empty" : "suggested";
    else if (!(answer instanceof Promise)) keystroke.outcome = answer === undefined ? "skipped" : "shown";
    else if (suggestion !== undefined) keystroke.outcome = "inFlight";
  }

  #questionAt({ cursor, request }: RecordedEvent): CompletionQuestion {
    const { uri, version, text } = this.#document;
    const { indentUnit } = this.recording.header;
    return {
      place: { uri, version, offset: cursor, ...(indentUnit !== undefined && { indentUnit }) },
      trigger: request ?? "automatic",
      mode: "automatic",
      isEnabled: true,
      hasSelection: false,
      lineBefore: lineBefore(text.slice(0, cursor)),
      lineAfter: lineAfter(text.slice(cursor)),
      currentVersion: () => this.#document.version,
      isMirrored: () => true,
    };
  }

  #askEngine(params: CompleteParams, signal: AbortSignal, onText: (text: string) => void): AskedCompletion {
    const keystroke = this.#current;
    if (params.isSpeculative !== true) keystroke.outcome = "cancelled"; // Until there is an answer.
    return this.#engine.complete(this.#document, params, signal, onText, (work) => {
      if (params.isSpeculative) keystroke.ahead += work.replayed + work.generated;
      else keystroke.work = addWork(keystroke.work, work);
    });
  }

  #prepare({ offset }: DocumentPlace): void {
    const keystroke = this.#current;
    this.#engine
      .prepare(this.#document, offset, ({ replayed }) => {
        keystroke.readAhead += replayed;
      })
      .catch((error: unknown) => this.#failures.push(error));
  }
}

const SILENT: CompletionLog = { trace: () => {}, debug: () => {}, warn: () => {} };

function newKeystroke(): Keystroke {
  return { outcome: "superseded", work: NO_WORK, readAhead: 0, ahead: 0 };
}
