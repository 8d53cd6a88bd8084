// One completion, from the question to what is shown, cheapest answer first: what is known, what is being written, and
// then a new request to the engine.
//
// Knows documents only as uri, version and offset; completionProvider.ts translates from and to VS Code.

import type { CompleteParams, DocumentPlace, TextEdit } from "../protocol/engine";
import { aborted, type Clock, sleep } from "./clock";
import { type Asking, askGate } from "./completionGate";
import { type CompletionQuestion, restOf, suggestionFrom } from "./completionQuestion";
import { type FollowedCompletion, isSamePlace, type Suggestion } from "./followedCompletion";
import { type Completing, Generation, type GenerationOptions } from "./generation";
import { type CompletionLog, Outcomes } from "./outcomes";
import { TypingPace } from "./typingPace";
import { WrittenAhead } from "./writtenAhead";

export class GhostText {
  /**
   * What was suggested last, or is being written, as long as the user types it. Also what began before anybody asked and came to
   * nothing: that is an answer, too, so that nothing is asked twice.
   */
  #current: Generation | undefined;
  readonly #ahead = new WrittenAhead((params, lineBefore) => this.#generate(params, lineBefore));
  /** Whether VS Code has asked since the last head start. As long as it does not, no other one is begun. */
  #mayBegin = false;
  readonly #pace = new TypingPace();
  readonly #outcomes: Outcomes;

  /**
   * @param failureChanged is told when `failure` has changed
   * @param savesPower whether less is written that may never be wanted, as on battery
   */
  constructor(
    private readonly engine: Completing,
    private readonly clock: Clock,
    private readonly log: CompletionLog,
    failureChanged: () => void = () => {},
    private readonly savesPower: () => boolean = () => false,
  ) {
    this.#outcomes = new Outcomes(log, failureChanged);
  }

  /** Why the last completion failed, as a sentence, until one does not. */
  get failure(): string | undefined {
    return this.#outcomes.failure;
  }

  /** To be told when there is another engine: what the one before said, and why it failed, says nothing about it. */
  engineStarted(): void {
    this.#outcomes.engineStarted();
    this.forget();
  }

  /** To be told when completions draw on something else than before: what was suggested is not offered again, and nothing goes on. */
  forget(): void {
    this.#current?.end();
    this.#current = undefined;
    this.#ahead.drop();
  }

  /** To be told of every change to a document, before it asks. */
  documentChanged(uri: string, version: number, edits: readonly TextEdit[]): void {
    this.#pace.edited(uri, this.clock.now());
    const known = this.#current?.completion.place;
    if (known?.uri !== uri) return;
    if (edits.length === 1) this.#cursorWasAt({ ...known, offset: edits[0]!.offset });
    const current = this.#current;
    if (current === undefined) return;
    const nextLine = current.completion.isNothing ? this.#ahead.placeAfterLineBreak(version, edits) : undefined;
    if (nextLine !== undefined) {
      this.#goOnWithAhead(nextLine);
      return;
    }
    const following = current.follow(version, edits);
    // What is written ahead comes after one suggestion, as it was, and the user may have chosen another.
    if (following === "opened" || !this.#ahead.isAfter(current.completion)) this.#ahead.drop();
    if (following === "left") this.forget();
    if (following === "used") this.#goOnWithAhead(current.completion.place);
  }

  /**
   * To be told of a key (see `cursorAfterKey`) after its change. VS Code asks because of it 50 ms later: the engine has a head
   * start of that. Also where somebody types fast, who may stop to look just there; but not on battery.
   * @param question what VS Code will ask then
   */
  keyTyped(question: CompletionQuestion): void {
    const gate = askGate(question);
    const isFree = !this.#isCurrentAt(question.place) && (this.#current?.completion.isNothing ?? true);
    const isWanted = this.#mayBegin && isFree && (this.#pace.delayMs === 0 || !this.savesPower());
    if (gate.type === "skip" || !isWanted || !question.isMirrored()) return;
    const params: CompleteParams = {
      ...question.place,
      trigger: "automatic",
      extent: gate.extent,
    };
    this.#mayBegin = false;
    this.forget();
    this.#current = this.#generate(params, question.lineBefore, { isEarly: true });
    this.#current.endSoon();
  }

  /** To be told where the cursor has come to rest: the engine reads there, which what is written ahead elsewhere would hold up. */
  cursorRests(place: DocumentPlace): void {
    if (!this.#isCurrentAt(place)) {
      this.#ahead.drop();
      this.#current?.endIfNobodyWaits();
    }
    this.engine.prepare(place);
  }

  /** To be told when a document is closed: one that is opened under its name may be another, with the same version. */
  documentClosed(uri: string): void {
    if (this.#current?.completion.place.uri === uri) this.forget();
  }

  /** To be told what else is shown with what was suggested: the user may go on with any of it. */
  shownBeside({ place, lineBefore }: CompletionQuestion, texts: readonly string[]): void {
    if (this.#isCurrentAt(place)) this.#current!.showBeside(texts, lineBefore);
  }

  /**
   * What to offer, if anything. The answer comes at once, and not as a promise, when it is known already: then
   * ghost text does not flicker while the user types what it says.
   */
  complete(
    question: CompletionQuestion,
    signal: AbortSignal,
  ): Suggestion | undefined | Promise<Suggestion | undefined> {
    this.#mayBegin = true;
    this.#pace.asked(question.place.uri);
    this.#cursorWasAt(question.place);
    this.#goOnWithRest();
    const known = this.#isEnoughFor(question) ? suggestionFrom(this.#current!.completion, question) : undefined;
    const gate = askGate(question);
    if (gate.type === "skip") {
      if (this.#wasAskedFor(question)) {
        if (known !== undefined) return known;
        if (this.#isCurrentAt(question.place)) return this.#answerOf(this.#current!, question, signal);
      }
      this.log.trace(`No completion: ${gate.reason}.`);
      return undefined;
    }
    if (known === undefined) return this.#fromEngine(question, gate, signal);
    this.#writeAhead(this.#current!.completion, question, known);
    return known;
  }

  /** What the user has asked for stays while he types it, also where nothing comes by itself. */
  #wasAskedFor({ isEnabled, hasSelection }: CompletionQuestion): boolean {
    return this.#current?.params.trigger === "invoke" && isEnabled && !hasSelection;
  }

  /** Whether what is being written, or was written, goes on from this place, as far as can be known by now. */
  #isCurrentAt(place: DocumentPlace): boolean {
    return this.#current !== undefined && isSamePlace(this.#current.completion.place, place);
  }

  async #fromEngine(
    question: CompletionQuestion,
    asking: Asking,
    signal: AbortSignal,
  ): Promise<Suggestion | undefined> {
    const { trigger } = question;
    if (this.#hasBegunFor(question)) return this.#answerOf(this.#current!, question, signal);
    if (!this.#isBeingWritten(question)) {
      await sleep(this.clock, trigger === "invoke" ? 0 : this.#pace.delayMs, signal);
      if (signal.aborted || !question.isMirrored()) return undefined;
    }
    if (this.#isBeingWritten(question)) {
      const suggestion = await this.#answerOf(this.#current!, question, signal);
      // In the end it may have become something else than what the user has typed: then the engine is asked anew.
      if (suggestion !== undefined || signal.aborted || !question.isMirrored()) return suggestion;
    }
    return this.#answerAnew(question, asking, signal);
  }

  /** Whether all is written, and the question is not for more of what was cut short. */
  #isEnoughFor({ trigger }: CompletionQuestion): boolean {
    if (!this.#current?.completion.isWhole) return false;
    return trigger === "automatic" || !this.#current.isCutShort;
  }

  /** Whether what began before anybody asked is for just this question, whatever came of it. */
  #hasBegunFor({ place, trigger, selected }: CompletionQuestion): boolean {
    if (!this.#current?.isUnasked || trigger === "invoke" || selected !== undefined) return false;
    return this.#current.completion.isUntouched && this.#isCurrentAt(place);
  }

  /** Whether the engine is writing what the user is typing, and has got beyond the cursor. */
  #isBeingWritten(question: CompletionQuestion): boolean {
    if (this.#current === undefined) return false;
    const { completion, params } = this.#current;
    // A user who asks for a completion wants as much as there may be.
    const isEnough = question.trigger === "automatic" || params.trigger === "invoke";
    return isEnough && suggestionFrom(completion, question) !== undefined;
  }

  async #answerAnew(
    question: CompletionQuestion,
    { extent }: Asking,
    signal: AbortSignal,
  ): Promise<Suggestion | undefined> {
    this.forget();
    const { place, selected, trigger, lineBefore, answerBy } = question;
    const entry = selected && { offset: selected.offset, deleted: selected.deleted, text: selected.text };
    const rest = selected ? restOf(selected, place.offset) : "";
    const generation = this.#generate(
      { ...place, trigger, extent, ...(answerBy !== undefined && { answerBy }), ...(entry && { selected: entry }) },
      lineBefore.slice(0, lineBefore.length - (rest?.length ?? 0)),
      { known: rest },
    );
    if (rest !== undefined) {
      this.#current = generation;
      return this.#answerOf(generation, question, signal);
    }
    // The chosen entry does not simply go on from the cursor, so typing cannot follow it: it is the answer to this question
    // alone.
    const result = await Promise.race([generation.result, aborted(signal)]);
    generation.end();
    const isStale = question.currentVersion() !== place.version;
    return isStale || result?.type !== "success" ? undefined : { text: result.text, replacedTail: 0 };
  }

  #generate(params: CompleteParams, before: string, options?: GenerationOptions): Generation {
    const generation = new Generation(this.engine, params, this.clock, before, options);
    const askedAt = this.clock.now();
    void generation.result.then((result) => {
      this.#outcomes.note(result, this.clock.now() - askedAt);
      if (result.type === "success") return;
      if (generation.isUnasked && result.type === "empty") return;
      if (this.#current === generation) this.#current = undefined;
      this.#ahead.failed(generation);
    });
    return generation;
  }

  /** What `generation` has for the question once it has ended. */
  async #answerOf(
    generation: Generation,
    question: CompletionQuestion,
    signal: AbortSignal,
  ): Promise<Suggestion | undefined> {
    generation.adopt(question.answerBy);
    await Promise.race([generation.result, aborted(signal)]);
    if (signal.aborted) {
      generation.release();
      return undefined;
    }
    if (this.#current !== generation) return undefined;
    const suggestion = suggestionFrom(generation.completion, question);
    if (suggestion !== undefined) this.#writeAhead(generation.completion, question, suggestion);
    else if (generation.params.isSpeculative && generation.completion.isNothing) this.#writeNextLine(question);
    return suggestion;
  }

  /** While the user looks at `suggestion`, has the engine write what will be wanted once it is accepted. */
  #writeAhead(after: FollowedCompletion, question: CompletionQuestion, suggestion: Suggestion): void {
    if (question.isMirrored()) this.#ahead.writeAfter(after, question, suggestion);
  }

  /** What was accepted is complete: has the engine write the next line before Enter is pressed. */
  #writeNextLine(question: CompletionQuestion): void {
    if (question.isMirrored() && !this.savesPower()) this.#ahead.writeNextLine(question);
  }

  /** What was cut short, as the time was up, goes on with what was written after it meanwhile. */
  #goOnWithRest(): void {
    if (!this.#current?.isCutShort) return;
    const rest = this.#ahead.takeTextAfter(this.#current.completion);
    if (rest !== undefined) this.#current.goOnWith(rest);
  }

  /** Tells where the cursor was, which decides how the last edit is to be read: see FollowedCompletion. */
  #cursorWasAt(place: DocumentPlace): void {
    if (this.#current?.completion.cursorAt(place) === "used") this.#goOnWithAhead(place);
  }

  #goOnWithAhead(place: DocumentPlace): void {
    this.#current = this.#ahead.take();
    this.#current?.arriveAt(place);
  }
}
