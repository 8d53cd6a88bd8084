// What the model said of a trunk, for as long as that holds: one for each document, and one for the chat.

import type { LanguageModel } from "../model/languageModel";
import type { State } from "../model/state";
import type { ModelAccess } from "../modelAccess";
import type { TrunkState } from "../repository/offer";
import {
  type BaseChoice,
  bitsPerToken,
  type ComparedText,
  decide,
  isComparable,
  noTrunk,
  unscoredTrunk,
} from "./baseChoice";

/**
 * Until the trunk has grown by this factor, the verdict stands: while it is being read, it is a little larger at every rest,
 * and to take the larger one means to run everything again.
 */
const GROWTH = 1.25;

interface KnownTrunk extends Pick<TrunkState, "epoch" | "renewal"> {
  readonly position: number;
}

interface BegunComparison {
  readonly text: ComparedText;
  readonly trunk: KnownTrunk;
  /** Bits a token: known already when the comparison was stopped after the first half. */
  withTrunk?: number;
}

export class BaseVerdict {
  /** Of the trunk only what tells it from others: its state is large, and is kept only where it was chosen. */
  #last: { readonly choice: BaseChoice; readonly trunk: KnownTrunk } | undefined;
  /**
   * A comparison that something more urgent has stopped, with its text: while somebody types, the next question would have
   * another one.
   */
  #begun: BegunComparison | undefined;

  /**
   * @param mayGoOn whether a stopped comparison goes on later with its own text. Not where that may have been forbidden since.
   */
  constructor(
    private readonly lm: LanguageModel,
    private readonly mayGoOn = false,
  ) {}

  /** Without asking the model: the last verdict, if its state may still be used. */
  known(trunk: TrunkState | undefined): BaseChoice {
    if (trunk === undefined) return noTrunk(this.lm);
    // The verdict on a smaller trunk of the same epoch still holds, and with its state, what was run after it can be used
    // again.
    return this.#last?.trunk.epoch === trunk.epoch ? this.#last.choice : unscoredTrunk(trunk);
  }

  /** The last verdict of this epoch, or no trunk: for when the trunk as it is now must not be used. */
  earlier(trunk: TrunkState | undefined): BaseChoice {
    return this.#last !== undefined && this.#last.trunk.epoch === trunk?.epoch ? this.#last.choice : noTrunk(this.lm);
  }

  /** The verdict on `trunk`, which the model is asked for unless it was on about the same. */
  async ask(
    trunk: TrunkState | undefined,
    text: () => Promise<ComparedText>,
    access: ModelAccess,
  ): Promise<BaseChoice> {
    if (trunk === undefined) {
      this.forget();
      return noTrunk(this.lm);
    }
    const last = onAlike(this.#last, trunk)?.choice;
    if (last?.isCompared) return last;
    const { epoch, renewal, state } = trunk;
    const known: KnownTrunk = { epoch, renewal, position: state.position };
    const begun = onAlike(this.#begun, trunk) ?? { text: await text(), trunk: known };
    // There was too little text, and there still is.
    if (last !== undefined && !isComparable(begun.text.live)) return last;
    if (this.mayGoOn) this.#begun = begun;
    const choice = await this.#compare(trunk, begun, access);
    this.#begun = undefined;
    this.#last = { choice, trunk: known };
    return choice;
  }

  /** The state that the last verdict chose: it is kept for as long as that may hold. */
  get state(): State | undefined {
    return this.#last?.choice.state;
  }

  /** Whether the last verdict holds for `trunk`. */
  isOn(trunk: TrunkState): boolean {
    return onAlike(this.#last, trunk) !== undefined;
  }

  forget(): void {
    this.#last = undefined;
    this.#begun = undefined;
  }

  async #compare(trunk: TrunkState, begun: BegunComparison, access: ModelAccess): Promise<BaseChoice> {
    const { text } = begun;
    if (!isComparable(text.live)) return unscoredTrunk(trunk);
    begun.withTrunk ??= await bitsPerToken(trunk.state, this.lm, text, access);
    const without = await bitsPerToken(undefined, this.lm, text, access);
    return decide(this.lm, trunk, begun.withTrunk, without);
  }
}

/** What was found, if it is about a trunk that is about the same as this one. */
function onAlike<T extends { readonly trunk: KnownTrunk }>(found: T | undefined, trunk: TrunkState): T | undefined {
  if (found?.trunk.epoch !== trunk.epoch || found.trunk.renewal !== trunk.renewal) return undefined;
  return trunk.state.position <= found.trunk.position * GROWTH ? found : undefined;
}
