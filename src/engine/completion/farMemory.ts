// An exact memory of the live document itself, of what the prompt and the text right after the cursor do not hold: in a long
// file, most of what is written is like something far above or below. It is made while nobody waits.

import type { Offset } from "../../protocol/engine";
import { normalizeLineEnds } from "../../text/lines";
import { ExactMemory } from "../exactMemory/exactMemory";
import type { LanguageModel } from "../model/languageModel";
import type { ModelAccess } from "../modelAccess";
import { FAR_SLACK, type LiveText } from "./liveText";

interface Known {
  readonly above: string;
  readonly aboveStart: Offset;
  readonly below: string;
  /** From where `below` begins to the document's end: what is written above does not change that. */
  readonly belowFromEnd: number;
  readonly memory: ExactMemory;
}

/** UTF-16 units between what prompt and suffix hold and what is remembered. */
interface Gaps {
  readonly above: number;
  readonly below: number;
}

export class FarMemory {
  #known: Known | undefined;

  constructor(private readonly lm: LanguageModel) {}

  /** Another one for the same document, which knows the same. */
  fork(): FarMemory {
    const other = new FarMemory(this.lm);
    other.#known = this.#known;
    return other;
  }

  /** Undefined where the lines that were remembered have changed, or where prompt or suffix has some of them by now. */
  of(live: LiveText): ExactMemory | undefined {
    return this.#known && gaps(this.#known, live) && this.#known.memory;
  }

  /** Asks for access between steps of a few milliseconds. */
  async remember(live: LiveText, access: ModelAccess): Promise<void> {
    const { far, document } = live;
    if (far === undefined || document === undefined) return;
    const left = this.#known && gaps(this.#known, live);
    if (left !== undefined && left.above === 0 && left.below <= 2 * FAR_SLACK) return;
    const { above, below, held, belowStart } = far;
    const memory = new ExactMemory();
    for (const [side, text] of Object.entries({ above, below })) {
      memory.setDocument(side, await this.lm.tokenizer.encode(normalizeLineEnds(text)));
    }
    while (memory.work()) await access.nextRun();
    const aboveStart = held.start - above.length;
    this.#known = { above, aboveStart, below, belowFromEnd: document.length - belowStart, memory };
  }
}

/** Undefined where something that is remembered has changed, or is no longer far. */
function gaps({ above, aboveStart, below, belowFromEnd }: Known, { far, document = "" }: LiveText): Gaps | undefined {
  if (far === undefined) return undefined;
  const { start, end } = far.held;
  const belowStart = document.length - belowFromEnd;
  // Where something is written beyond them, they stand elsewhere, and are found where such lines are looked for.
  const left: Gaps = {
    above: above === far.above ? 0 : gap(document, above, aboveStart, start - aboveStart - above.length),
    below: below === far.below ? 0 : gap(document, below, belowStart, belowStart - end),
  };
  return left.above >= 0 && left.below >= 0 ? left : undefined;
}

/** Negative where the lines do not stand there any more. */
function gap(document: string, lines: string, at: Offset, length: number): number {
  return document.startsWith(lines, at) ? length : -1;
}
