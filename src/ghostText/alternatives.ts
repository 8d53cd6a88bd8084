// Several suggestions for one place, for somebody who has asked: the one that GhostText gives, and what else could stand there.

import type { AlternativesResult, CompleteParams } from "../protocol/engine";
import type { Clock } from "./clock";
import { askGate, lineOrBlock } from "./completionGate";
import type { CompletionQuestion } from "./completionQuestion";
import type { Suggestion } from "./followedCompletion";
import type { GhostText } from "./ghostText";

export interface Alternating {
  /** What could stand there besides what a completion with the same parameters says, as far as it is written in time. */
  alternatives(params: CompleteParams, withinMs: number, signal: AbortSignal): Promise<AlternativesResult>;
}

/**
 * How long the suggestion waits for them: the editor takes all in one answer, and does not ask again at the same place. As long as
 * it took itself, within these bounds.
 */
const PATIENCE_MS = { least: 300, most: 500 };
/** The engine keeps to it by itself, unless it has not come to it yet. */
const GRACE_MS = 100;

export class Alternatives {
  constructor(
    private readonly ghostText: GhostText,
    private readonly engine: Alternating,
    private readonly clock: Clock,
  ) {}

  /** The suggestion first, if there is one, and then as many others as are known soon. */
  async complete(question: CompletionQuestion, signal: AbortSignal): Promise<readonly Suggestion[]> {
    const askedAt = this.clock.now();
    const first = await this.ghostText.complete(question, signal);
    if (first === undefined) return [];
    // What replaces brackets, or extends a chosen entry, has one form that the editor shows.
    if (first.replacedTail > 0 || question.selected !== undefined) return [first];
    const tookMs = this.clock.now() - askedAt;
    // Each of them takes about as long.
    if (tookMs > PATIENCE_MS.most) return [first];
    const others = await this.#others(question, first, Math.max(PATIENCE_MS.least, tookMs), signal);
    const texts = others.filter((text) => text !== first.text);
    this.ghostText.shownBeside(question, texts);
    return [first, ...texts.map((text) => ({ text, replacedTail: 0 }))];
  }

  async #others(
    question: CompletionQuestion,
    first: Suggestion,
    withinMs: number,
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    const gate = askGate(question);
    if (gate.type === "skip" || signal.aborted) return [];
    const { place, trigger } = question;
    // Of the same kind as the first: who sees a line looks for other lines.
    const extent = lineOrBlock(gate.extent.multiline && first.text.includes("\n"));
    const ending = new AbortController();
    const cancelTimer = this.clock.after(withinMs + GRACE_MS, () => ending.abort());
    signal.addEventListener("abort", () => ending.abort(), { once: true });
    const result = await this.engine.alternatives({ ...place, trigger, extent }, withinMs, ending.signal);
    cancelTimer();
    return result.type === "success" && question.currentVersion() === place.version ? result.texts : [];
  }
}
