// One request to the engine: what it has written so far, and how it ends.
//
// It may outlive the question that began it: the user types on as it writes, and the next question takes it over. It ends
// at once when the user types something else, and soon when nobody takes it over.

import type { CompleteParams, CompleteResult, DocumentPlace, TextEdit } from "../protocol/engine";
import type { Clock } from "./clock";
import { FollowedCompletion, type Following } from "./followedCompletion";

export interface Completing {
  /** `onText` gets what is written piece by piece; the result may be less than all of it, or another line. */
  complete(params: CompleteParams, signal: AbortSignal, onText: (text: string) => void): AskedCompletion;
  /** Reads ahead what a completion at this place will want. */
  prepare(place: DocumentPlace): void;
}

export interface AskedCompletion {
  readonly result: Promise<CompleteResult>;
  /** Somebody waits by now for what was asked ahead of time, or by another key; until then, if not for as long as it takes. */
  hurry(answerBy?: number): void;
}

export interface GenerationOptions {
  /** What stands between the cursor and what is to be written. */
  readonly known?: string | undefined;
  /** It began with a key, before VS Code asked because of it. */
  readonly isEarly?: boolean;
}

/** For so long it goes on with nobody waiting. The next question comes a little after its key, well within this time. */
const ABANDONED_MS = 500;
/** And for so long where VS Code has given up (heldList.ts): what is written all the same is there for the next key. */
const GIVEN_UP_MS = 3000;

export class Generation {
  #completion: FollowedCompletion;
  /** Other suggestions that are shown at its place, as long as what the user types agrees with them. */
  #others: readonly FollowedCompletion[] = [];
  readonly isEarly: boolean;
  /** How it ended, always. */
  readonly result: Promise<CompleteResult>;
  readonly #asked: AskedCompletion;
  readonly #ending = new AbortController();
  #cancelTimer: () => void = () => {};
  /** How many questions wait for it. A new one may come before the one that it replaces is released. */
  #waiting = 0;
  /** Until when it is waited for, as was said last; undefined: for as long as it takes. */
  #answerBy: number | undefined;
  #isCutShort = false;

  /** @param before what the cursor's line has before it */
  constructor(
    engine: Completing,
    readonly params: CompleteParams,
    private readonly clock: Clock,
    before: string,
    { known = "", isEarly = false }: GenerationOptions = {},
  ) {
    this.isEarly = isEarly;
    this.#answerBy = params.answerBy;
    this.#completion = new FollowedCompletion(params, before);
    this.#completion.write(known);
    this.#asked = engine.complete(params, this.#ending.signal, (text) => {
      if (!this.#completion.write(text)) this.end();
    });
    this.result = this.#asked.result.then((result) => {
      this.#cancelTimer();
      if (result.type === "empty") this.#completion.finish("");
      if (result.type !== "success" || result.text === "" || this.#ending.signal.aborted) return result;
      // If the user has typed on from what was streamed, that text stays, although the result is another one.
      const text = [result.text, result.streamed ?? ""].find((one) => this.#completion.finish(known + one));
      this.#isCutShort = result.isCutShort === true;
      return text === undefined ? { type: "cancelled", reason: "typed otherwise" } : { ...result, text };
    });
  }

  /** What it has written; or of what is shown beside it, the one that the user has gone on with. */
  get completion(): FollowedCompletion {
    return this.#completion;
  }

  /** Other suggestions are shown with it. @param before what the cursor's line has before them */
  showBeside(texts: readonly string[], before: string): void {
    this.#others = texts.map((text) => {
      const other = new FollowedCompletion(this.#completion.place, before);
      other.finish(text);
      return other;
    });
  }

  /** Follows an edit that goes on with what is shown. */
  follow(version: number, edits: readonly TextEdit[]): Following {
    const [first, ...others] = [this.#completion, ...this.#others].map((completion) => ({
      completion,
      following: completion.apply(version, edits),
    }));
    const followed = others.filter(({ following }) => following !== "left");
    const chosen = first!.following === "left" ? followed.shift() : undefined;
    this.#others = followed.map(({ completion }) => completion);
    if (chosen === undefined) return first!.following;
    this.#completion = chosen.completion;
    this.#isCutShort = false;
    return chosen.following;
  }

  /** Whether it began before anybody asked: then that nothing comes of it is an answer, too. */
  get isUnasked(): boolean {
    return this.isEarly || this.params.isSpeculative === true;
  }

  /** What it was written ahead for has come: it goes on at `place`, and soon somebody will ask. */
  arriveAt(place: DocumentPlace): void {
    this.#completion.moveTo(place);
    this.#asked.hurry();
    this.endSoon();
  }

  /** Ends the request: nobody wants it any more. */
  end(): void {
    this.#cancelTimer();
    this.#ending.abort();
  }

  /** Ends the request after a while, unless a question comes that waits for it. */
  endSoon(): void {
    this.#endAfter(ABANDONED_MS);
  }

  /** Ends the request, unless a question waits for it. */
  endIfNobodyWaits(): void {
    if (this.#waiting === 0) this.end();
  }

  /** A question waits for it; until then, if not for as long as it takes. */
  adopt(answerBy?: number): void {
    this.#waiting++;
    this.#cancelTimer();
    this.#hurry(answerBy);
  }

  /** A question that waited for it does so no more. */
  release(): void {
    this.#waiting--;
    if (this.#waiting > 0) return;
    this.#endAfter(this.#answerBy === undefined ? ABANDONED_MS : GIVEN_UP_MS);
    this.#hurry(undefined);
  }

  /** Whether its end is still to be written, as the time was up. */
  get isCutShort(): boolean {
    return this.#isCutShort;
  }

  /** What was cut short goes on with this. */
  goOnWith(text: string): void {
    this.#isCutShort = false;
    this.#completion.finish(this.#completion.text + text);
  }

  /** Says until when it is waited for, where that is news. */
  #hurry(answerBy: number | undefined): void {
    // Who has asked wants all of it; and half of what stands in brackets that the editor has closed cannot be shown.
    const limit = this.params.trigger === "invoke" || this.#completion.isWithinPair ? undefined : answerBy;
    if (limit !== this.#answerBy) this.#asked.hurry(limit);
    this.#answerBy = limit;
  }

  #endAfter(delayMs: number): void {
    this.#cancelTimer();
    this.#cancelTimer = this.clock.after(delayMs, () => this.end());
  }
}
