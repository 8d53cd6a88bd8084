// A stream of tokens and the states along it: moves to any other stream of tokens for the price of what differs.
// It begins at a base: the empty state, or one that has read a repository. Several sequences may share a base.
// Knows token ids and states only; no text, no files, no clock.

import type { Model, TokenId } from "../model/model";
import { type State, shareLogs } from "../model/state";
import type { ModelAccess } from "../modelAccess";
import { type CheckpointLimits, Checkpoints } from "./checkpoints";

/**
 * Tokens of one prefill run where the model does not say better: long enough for the matrix kernels, short enough to be
 * cancelled between two.
 */
export const CHUNK_TOKENS = 128;
/** A state of the bundled model takes 60 MB by itself, and next to nothing when it shares its logs with its neighbours. */
const DEFAULT_LIMITS: CheckpointLimits = { count: 48, bytes: 192 * 2 ** 20 };

/** A landmark that is so near behind a state gets no run of its own: running so few tokens again costs less. */
const FEW_TOKENS = 16;

/** The line's start, the word's before, and the one before that. */
const KEPT_ENDS = 3;

/** The state after all tokens, and the logits of the token to come. */
interface End {
  readonly state: State;
  readonly logits: Float32Array;
}

export interface Advance extends End {
  /** Tokens that a saved state already held, and tokens that were run. */
  readonly reused: number;
  readonly replayed: number;
}

export class Sequence {
  #base: State;
  /** The tokens after the base. There are more than were wanted last where the last advance only went back. */
  #tokens: TokenId[] = [];
  /** How many of them were wanted last. */
  #end = 0;
  #checkpoints: Checkpoints;
  /** The advance that `extend` may still append to. */
  #latest: Advance | undefined;
  /** Where the last advances ended: while a word is typed, healing cuts it off and the same end is asked for again. */
  #ends: readonly End[] = [];

  constructor(
    private readonly model: Model,
    private readonly limits: CheckpointLimits = DEFAULT_LIMITS,
    private readonly chunkTokens: () => number | undefined = () => chunkTokensOf(model),
  ) {
    this.#base = model.emptyState;
    this.#checkpoints = new Checkpoints(limits);
  }

  /** A second sequence that has read the same, and goes its own way from here. */
  fork(): Sequence {
    const other = new Sequence(this.model, this.limits, this.chunkTokens);
    other.#base = this.#base;
    other.#tokens = this.#tokens;
    other.#checkpoints = this.#checkpoints.fork();
    other.#ends = this.#ends;
    return other;
  }

  /**
   * Makes `wanted` (at least one token) the sequence's tokens and returns the state after them.
   * @param landmarks indices into `wanted` worth a checkpoint, ascending: places to which an edit will probably come back
   * @param base the state before the first of them
   */
  async advance(
    wanted: readonly TokenId[],
    landmarks: readonly number[],
    access: ModelAccess,
    base: State = this.model.emptyState,
  ): Promise<Advance> {
    if (base !== this.#base) this.#restart(base);
    const start = base.position;
    const shared = commonPrefixLength(this.#tokens, wanted);
    // Where the cursor has only gone back, no token has changed: those beyond it stay, for when it comes forward again.
    const tokens = shared === wanted.length ? [...this.#tokens] : [...wanted];
    if (shared < wanted.length) this.#forgetAfter(shared);
    this.#tokens = tokens;
    this.#end = wanted.length;
    this.#latest = undefined;
    const known = this.#endAfter(wanted.length);
    if (known !== undefined) {
      this.#latest = { ...known, reused: wanted.length, replayed: 0 };
      return this.#latest;
    }

    let state = this.#bringHome(this.#nearest(shared, wanted));
    const reused = state.position - start;
    let logits: Float32Array = NO_LOGITS;
    while (state.position - start < wanted.length) {
      await access.nextRun();
      const end = chunkEnd(state.position - start, wanted.length, landmarks, this.chunkTokens() ?? CHUNK_TOKENS);
      const chunk = wanted.slice(state.position - start, end);
      const isLast = end === wanted.length;
      ({ state, logits } = await this.model.forward(chunk, state, isLast ? [chunk.length - 1] : []));
      // Another advance may have replaced the tokens while this one waited for its turn.
      if (this.#tokens === tokens) this.#checkpoints.add(state);
    }
    const advance = { state, logits, reused, replayed: wanted.length - reused };
    if (this.#tokens === tokens) {
      this.#ends = [{ state, logits }, ...this.#ends].slice(0, KEPT_ENDS);
      this.#latest = advance;
    }
    return advance;
  }

  /** How many of `wanted` an advance would have to run. */
  unread(wanted: readonly TokenId[], base: State = this.model.emptyState): number {
    if (base !== this.#base) return wanted.length;
    const shared = commonPrefixLength(this.#tokens, wanted);
    if (shared === wanted.length && this.#endAfter(shared) !== undefined) return 0;
    return base.position + wanted.length - this.#nearest(shared, wanted).position;
  }

  /**
   * Appends tokens that were generated after `from` and after whatever was appended to it before, so that accepting them costs
   * nothing. Does nothing once the sequence has advanced to something else: two generations may take turns.
   * @param state the one after these tokens
   */
  extend(from: Advance, tokens: readonly TokenId[], state: State): void {
    if (from !== this.#latest) return;
    if (tokens.some((token, index) => token !== this.#tokens[this.#end + index])) {
      this.#forgetAfter(this.#end);
      this.#tokens = [...this.#tokens.slice(0, this.#end), ...tokens];
    }
    this.#end += tokens.length;
    const position = this.#base.position + this.#end;
    if (state.position !== position) throw new Error(`A state at ${state.position} is not the one at ${position}`);
    this.#checkpoints.add(state);
  }

  /**
   * Gives back the memory of what has logs of its own, such as what was written after the cursor. Coming back to where the
   * last advances ended, and going on from there, stays free or next to it.
   * @param reach tokens before that to which an edit may come back: they may lie in logs that were full before
   */
  shrink(reach = 0): void {
    const ends = this.#ends.map(({ state }) => state).sort((a, b) => a.position - b.position);
    const kept = ends[0] ?? this.states.at(-1);
    if (kept === undefined) return;
    const before = reach === 0 ? kept : (this.#checkpoints.nearest(kept.position - reach) ?? kept);
    this.#checkpoints.shrinkTo([kept, before]);
    this.#ends = this.#ends.filter(({ state }) => shareLogs(state, kept));
  }

  /** The state before all tokens. It is kept, however large it is. */
  get base(): State {
    return this.#base;
  }

  /** The states that can be gone back to, by position. Where the last advances ended is kept beside them. */
  get states(): readonly State[] {
    return this.#checkpoints.states;
  }

  /** The end of an advance to so many tokens, if it is kept. */
  #endAfter(count: number): End | undefined {
    return this.#ends.find(({ state }) => state.position === this.#base.position + count);
  }

  /** Those at or before `position`, the nearest first. */
  #endsBefore(position: number): End[] {
    const reached = this.#ends.filter(({ state }) => state.position <= position);
    return reached.sort((a, b) => b.state.position - a.state.position);
  }

  /** The nearest state from which `wanted` is reached. Their last token is always run: its logits are what is asked for. */
  #nearest(shared: number, wanted: readonly TokenId[]): State {
    const position = this.#base.position + Math.min(shared, wanted.length - 1);
    const [end] = this.#endsBefore(position);
    const saved = this.#checkpoints.nearest(position) ?? this.#base;
    return end !== undefined && end.state.position > saved.position ? end.state : saved;
  }

  /**
   * Once somebody goes on beyond an accepted suggestion, its states move from the fork's logs into the prompt's. Not sooner: it
   * may be refused.
   * @returns `state`, moved if it is the end
   */
  #bringHome(state: State): State {
    const [end, before] = this.#endsBefore(state.position);
    if (end === undefined || before === undefined || shareLogs(before.state, end.state)) return state;
    const moved = this.#checkpoints.bringHome(before.state, end.state);
    this.#ends = this.#ends.map((one) => (one === end ? { ...end, state: moved } : one));
    return state.position === moved.position ? moved : state;
  }

  /** Forgets the states beyond `count` tokens: other tokens come there now. */
  #forgetAfter(count: number): void {
    const position = this.#base.position + count;
    this.#checkpoints.invalidateAfter(position);
    this.#ends = this.#ends.filter(({ state }) => state.position <= position);
  }

  #restart(base: State): void {
    this.#base = base;
    this.#tokens = [];
    this.#latest = undefined;
    this.#ends = [];
    this.#checkpoints = new Checkpoints(this.limits, base.position);
  }
}

/** How many tokens one run should read where somebody may type behind it, by now. */
export function chunkTokensOf({ runLengths }: Pick<Model, "runLengths">): number {
  return runLengths?.chunkTokens ?? CHUNK_TOKENS;
}

const NO_LOGITS = new Float32Array(0);

export function commonPrefixLength(a: readonly TokenId[], b: readonly TokenId[]): number {
  const limit = Math.min(a.length, b.length);
  let length = 0;
  while (length < limit && a[length] === b[length]) length++;
  return length;
}

export function areSame(a: readonly TokenId[], b: readonly TokenId[]): boolean {
  return a.length === b.length && commonPrefixLength(a, b) === a.length;
}

/** Where the next run ends: at the next landmark, after a chunk, or at the end. */
function chunkEnd(position: number, length: number, landmarks: readonly number[], chunkTokens: number): number {
  const limit = Math.min(position + chunkTokens, length);
  return landmarks.find((landmark) => landmark >= position + FEW_TOKENS && landmark < limit) ?? limit;
}
