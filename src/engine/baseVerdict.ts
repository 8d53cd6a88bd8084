// What the model said of a trunk, for as long as that holds: one for each document, and one for the chat.

import { type BaseChoice, chooseBase, isComparable, noTrunk, type TrunkState, unscoredTrunk } from "./baseChoice";
import type { LanguageModel } from "./languageModel";
import type { TokenId } from "./model";
import type { Turn } from "./turn";

/** A trunk that has grown by less is not worth running everything again. */
const GROWTH = 1.05;

/** What comes after the base, of which the end is compared. */
export interface ComparedText {
  /** The tokens of the file's path, if there is one; they stand before the others. */
  readonly header: readonly TokenId[];
  readonly live: readonly TokenId[];
}

interface KnownTrunk extends Pick<TrunkState, "epoch" | "renewal"> {
  readonly position: number;
}

export class BaseVerdict {
  /** Of the trunk no more than tells it from others: its state is large, and may be of no use here. */
  #last: { readonly choice: BaseChoice; readonly trunk: KnownTrunk } | undefined;

  constructor(private readonly lm: LanguageModel) {}

  /** Without asking the model: the last verdict, if its state may still be used. */
  known(trunk: TrunkState | undefined): BaseChoice {
    if (trunk === undefined) return noTrunk(this.lm);
    // A smaller trunk of the same epoch is as true as when it was read, and what was run after it is not lost.
    return this.#last?.trunk.epoch === trunk.epoch ? this.#last.choice : unscoredTrunk(trunk);
  }

  /** The verdict on `trunk`, which the model is asked for unless it was on about the same. */
  async ask(trunk: TrunkState | undefined, text: () => Promise<ComparedText>, turn: Turn): Promise<BaseChoice> {
    if (trunk === undefined) {
      this.#last = undefined;
      return noTrunk(this.lm);
    }
    const last = this.#last !== undefined && isAlike(this.#last.trunk, trunk) ? this.#last.choice : undefined;
    if (last?.isCompared) return last;
    const { header, live } = await text();
    // There was too little text, and there still is.
    if (last !== undefined && !isComparable(live)) return last;
    const choice = await chooseBase(this.lm, trunk, header, live, turn);
    const { epoch, renewal, state } = trunk;
    this.#last = { choice, trunk: { epoch, renewal, position: state.position } };
    return choice;
  }
}

/** Whether a verdict on `old` is one on `trunk`. */
function isAlike(old: KnownTrunk, trunk: TrunkState): boolean {
  const isSame = old.epoch === trunk.epoch && old.renewal === trunk.renewal;
  return isSame && trunk.state.position <= old.position * GROWTH;
}
