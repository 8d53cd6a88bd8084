// One completion, from the question to what is shown, cheapest answer first.
//
// Knows documents only as uri, version and offset; completionProvider.ts translates from and to VS Code.

import type { CompleteParams, CompleteResult, TextEdit } from "../protocol/engine";
import { type Clock, sleep } from "./clock";
import { askGate, type GateQuestion } from "./completionGate";
import { type Remainder, ShownCompletion } from "./shownCompletion";
import { TypingPace } from "./typingPace";

/** A place in a document as the engine knows it. */
type Place = Pick<CompleteParams, "uri" | "version" | "offset">;

/** Text of documents goes to `trace` only. */
export type CompletionLog = Readonly<Record<"trace" | "debug" | "warn", (message: string) => void>>;

export interface CompletionQuestion extends GateQuestion {
  /** The cursor. */
  readonly place: Place;
  /** The entry chosen in the suggestion list: the cursor is imagined behind it. */
  readonly selected?: SelectedEntry;
  /** The document's version now, which may be later than the question's. */
  currentVersion(): number;
  /** Whether the engine has the document, at the question's version. */
  isMirrored(): boolean;
}

export interface SelectedEntry {
  readonly offset: number;
  readonly deleted: number;
  readonly text: string;
  /** What the document has between `offset` and the cursor. */
  readonly typed: string;
}

/** To be inserted at the cursor, or behind the selected entry. */
export type Suggestion = Remainder;

export interface Completing {
  complete(params: CompleteParams, signal: AbortSignal): Promise<CompleteResult>;
}

export class Completer {
  private readonly shown = new ShownCompletion();
  private readonly pace = new TypingPace();
  private lastFailure: string | undefined;

  constructor(
    private readonly engine: Completing,
    private readonly clock: Clock,
    private readonly log: CompletionLog,
  ) {}

  /** To be told of every change to a document, before it asks. */
  documentChanged(uri: string, version: number, edits: readonly TextEdit[]): void {
    this.pace.keyTyped(this.clock.now());
    this.shown.applyEdits(uri, version, edits);
  }

  /**
   * What to offer, if anything. The answer comes at once, and not as a promise, when it is known already: then
   * ghost text does not flicker while the user types what it says.
   */
  complete(
    question: CompletionQuestion,
    signal: AbortSignal,
  ): Suggestion | undefined | Promise<Suggestion | undefined> {
    const gate = askGate(question);
    if (gate.type === "skip") {
      this.log.trace(`No completion: ${gate.reason}.`);
      return undefined;
    }
    return this.fromShown(question) ?? this.fromEngine(question, gate, signal);
  }

  private fromShown({ place, selected }: CompletionQuestion): Suggestion | undefined {
    const remainder = this.shown.remainder(place.uri, place.version, place.offset);
    if (!remainder || !selected) return remainder;
    // The list may have chosen what the ghost text says anyway.
    const rest = restOf(selected, place.offset);
    if (rest === undefined || remainder.text.length <= rest.length || !remainder.text.startsWith(rest))
      return undefined;
    return { ...remainder, text: remainder.text.slice(rest.length) };
  }

  private async fromEngine(
    question: CompletionQuestion,
    { multiline, maxTokens }: { multiline: boolean; maxTokens: number },
    signal: AbortSignal,
  ): Promise<Suggestion | undefined> {
    const { place, selected, trigger } = question;
    await sleep(this.clock, trigger === "invoke" ? 0 : this.pace.delayMs, signal);
    if (signal.aborted || !question.isMirrored()) return undefined;

    const askedAt = this.clock.now();
    const result = await this.engine.complete(
      {
        ...place,
        trigger,
        multiline,
        maxTokens,
        ...(selected && { selected: { offset: selected.offset, deleted: selected.deleted, text: selected.text } }),
      },
      signal,
    );
    this.logResult(result, this.clock.now() - askedAt);
    const isStale = signal.aborted || question.currentVersion() !== place.version;
    if (isStale || result.type !== "success" || result.text === "") return undefined;
    this.remember(place, selected, result.text);
    return { text: result.text, replacedTail: 0 };
  }

  private remember({ uri, version, offset }: Place, selected: SelectedEntry | undefined, text: string): void {
    const rest = selected ? restOf(selected, offset) : "";
    if (rest === undefined) this.shown.clear();
    else this.shown.show(uri, version, offset, rest + text);
  }

  private logResult(result: CompleteResult, elapsedMs: number): void {
    const took = `${Math.round(elapsedMs)} ms`;
    if (result.type === "success") {
      const { reusedTokens, replayedTokens, generatedTokens, queueMs, prefillMs, decodeMs } = result.timing;
      const tokens = `${reusedTokens} tokens reused, ${replayedTokens} replayed, ${generatedTokens} generated`;
      const times = `queue ${Math.round(queueMs)}, prefill ${Math.round(prefillMs)}, decode ${Math.round(decodeMs)} ms`;
      this.log.debug(`Completion in ${took}: ${tokens}; ${times}.`);
      this.lastFailure = undefined;
    } else if (result.type === "failed") {
      // The same failure comes again with every key; once is enough.
      if (result.message !== this.lastFailure) this.log.warn(`Completion failed: ${result.message}`);
      this.lastFailure = result.message;
    } else {
      this.log.trace(`No completion after ${took}: ${result.type}, ${result.reason}.`);
    }
  }
}

/** What of the selected entry comes after the cursor; undefined when it does not simply go on from what is typed. */
function restOf(selected: SelectedEntry, cursor: number): string | undefined {
  const endsAtCursor = selected.offset + selected.deleted === cursor;
  return endsAtCursor && selected.text.startsWith(selected.typed)
    ? selected.text.slice(selected.typed.length)
    : undefined;
}
