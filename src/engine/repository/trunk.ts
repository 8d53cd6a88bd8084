// The stream of a workspace folder's files, read one after the other, and the state after them. Knows tokens and names of
// files; no disk, no text.
//
// A trunk only grows: a file that has changed is read again at the end, where the newest text counts most. What was read in
// vain by then is got rid of by forking from an earlier file and reading on from there.

import { Checkpoints } from "../decoding/checkpoints";
import { chunkTokensOf } from "../decoding/sequence";
import type { Model, TokenId } from "../model/model";
import type { State } from "../model/state";
import type { ModelAccess } from "../modelAccess";
import type { ReadingPace } from "../readingPace";
import { type ChainLink, chainKey, chainPosition, keyAfter, type ReadEntry, type StateKey } from "../stateStore/keys";

interface UnderWay {
  readonly link: ChainLink;
  /** The key of the trunk that has read it to its end. */
  readonly key: StateKey;
  readonly state: State;
  /** Tokens of the file that the state has read. */
  readonly at: number;
}

export interface TrunkOrigin {
  readonly model: Model;
  readonly bos: TokenId;
  /** The key of the state that has read no file. */
  readonly rootKey: StateKey;
  /** What the states take that are kept for forks; the newest is kept even when it alone is larger. */
  readonly keptBytes: number;
  /** By this, no run takes long. */
  readonly pace?: Pick<ReadingPace, "tokenMs">;
}

const MOST_KEPT = 12;
/**
 * A key after a pause finds the reading in a run, and waits for its end. It is shorter than a prompt's run may be (`tuning/choices.ts`),
 * for which somebody waits: runs of 32 tokens take a tenth longer for the same text than those of 128; still shorter ones, much longer.
 */
const LONGEST_RUN_MS = 100;
const SHORTEST_RUN_TOKENS = 32;

export class Trunk {
  #files: readonly ReadEntry[] = [];
  #paths = new Set<string>();
  #state: State;
  #key: StateKey;
  readonly #checkpoints: Checkpoints;
  #underWay: UnderWay | undefined;

  constructor(private readonly origin: TrunkOrigin) {
    this.#state = origin.model.emptyState;
    this.#key = origin.rootKey;
    this.#checkpoints = new Checkpoints({ count: MOST_KEPT, bytes: origin.keptBytes });
  }

  /** A trunk that stands at a state which has read `files`. */
  static at(origin: TrunkOrigin, state: State, files: readonly ReadEntry[]): Trunk {
    const trunk = new Trunk(origin);
    trunk.#files = files;
    trunk.#paths = new Set(files.map(({ path }) => path));
    trunk.#state = state;
    trunk.#key = keyAfter(origin.rootKey, files);
    if (files.length > 0) trunk.#checkpoints.add(state);
    return trunk;
  }

  /** Files in the order in which they were read; a path that was read twice is there twice. */
  get files(): readonly ReadEntry[] {
    return this.#files;
  }

  /** Files that it has read, each counted once. */
  get pathCount(): number {
    return this.#paths.size;
  }

  /** After all files. It has read nothing, not even `<bos>`, when there are none. */
  get state(): State {
    return this.#state;
  }

  get key(): StateKey {
    return this.#key;
  }

  /** Tokens read. */
  get tokens(): number {
    return this.#state.position;
  }

  /** Whether the state has read the file, in whichever version. */
  hasRead(path: string): boolean {
    return this.#paths.has(path);
  }

  /** Whether any of the last `tokens` tokens is the file's. */
  hasLately(path: string, tokens: number): boolean {
    let left = tokens;
    for (let last = this.#files.length - 1; last >= 0 && left > 0; last--) {
      const file = this.#files[last]!;
      if (file.path === path) return true;
      left -= file.tokens;
    }
    return false;
  }

  /** What was read of a file whose reading was ended. */
  get underWay(): ChainLink | undefined {
    return this.#underWay?.link;
  }

  /** Nothing may be known of these files any more. @returns what may stay: this trunk, or its beginning */
  forgetFiles(paths: ReadonlySet<string>): Trunk {
    if (this.#underWay && paths.has(this.#underWay.link.path)) this.#underWay = undefined;
    const first = this.#files.findIndex(({ path }) => paths.has(path));
    return first === -1 ? this : this.fork(first);
  }

  /** Reads one more file. When `access` ends it, the trunk stands where it stood; whoever reads the same file next goes on. */
  async append(link: ChainLink, tokens: readonly TokenId[], readAt: number, access: ModelAccess): Promise<void> {
    const { model, bos } = this.origin;
    const run = this.#state.position === 0 ? [bos, ...tokens] : tokens;
    const key = chainKey(this.#key, link);
    const underWay = this.#underWay?.key === key ? this.#underWay : undefined;
    let state = underWay?.state ?? this.#state;
    const runTokens = this.#runTokens;
    for (let at = underWay?.at ?? 0; at < run.length; at += runTokens) {
      this.#underWay = { link, key, state, at };
      await access.nextRun();
      ({ state } = await model.forward(run.slice(at, at + runTokens), state, []));
    }
    this.#underWay = undefined;
    this.#files = [...this.#files, { ...link, tokens: tokens.length, readAt }];
    this.#paths.add(link.path);
    this.#key = key;
    this.#state = state;
    this.#checkpoints.add(state);
  }

  /** A trunk with this one's first files: `count` of them, or fewer, as many as a kept state has read. */
  fork(count: number): Trunk {
    for (let kept = Math.min(count, this.#files.length); kept > 0; kept--) {
      const files = this.#files.slice(0, kept);
      const position = chainPosition(files);
      const state = this.#checkpoints.nearest(position);
      if (state?.position === position) return Trunk.at(this.origin, state, files);
    }
    return new Trunk(this.origin);
  }

  /** As many as the model is given at once, or fewer where these take too long. */
  get #runTokens(): number {
    const { model, pace } = this.origin;
    let tokens = chunkTokensOf(model);
    const ms = pace?.tokenMs ?? 0;
    while (tokens >= 2 * SHORTEST_RUN_TOKENS && tokens * ms > LONGEST_RUN_MS) tokens = Math.ceil(tokens / 2);
    return tokens;
  }
}
