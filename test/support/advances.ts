// What completers ask of their sequences and get: the prompts' tokens, and the logits that they choose from.

import type { Place } from "../../src/engine/completion/place";
import { Places } from "../../src/engine/completion/places";
import { Sequence } from "../../src/engine/decoding/sequence";
import type { TokenId } from "../../src/engine/model/model";
import type { State } from "../../src/engine/model/state";
import { withReplaced } from "./replaced";

export interface SeenAdvance {
  readonly tokens: readonly TokenId[];
  readonly logits: Float32Array;
  /** The state that the tokens come after; absent: the empty one. */
  readonly base: State | undefined;
  /** Where the prompt begins in the document. */
  readonly start: number;
}

/** Runs `work` and returns the last advance of any sequence in it. */
export async function lastAdvance(work: () => Promise<unknown>): Promise<SeenAdvance | undefined> {
  const { advance } = Sequence.prototype;
  const { goTo } = Places.prototype;
  let seen: Omit<SeenAdvance, "start"> | undefined;
  let place: Place | undefined;
  const advanceNoting: typeof advance = async function (this: Sequence, ...args) {
    const result = await advance.apply(this, args);
    const [tokens, _landmarks, _access, base] = args;
    seen = { tokens: [...tokens], logits: result.logits.slice(), base };
    return result;
  };
  const goToNoting: typeof goTo = function (this: Places, ...args) {
    const placed = goTo.apply(this, args);
    place = placed.place;
    return placed;
  };
  await withReplaced(Sequence.prototype, { advance: advanceNoting }, () =>
    withReplaced(Places.prototype, { goTo: goToNoting }, work),
  );
  return seen && { ...seen, start: place!.start };
}
