// One folder's trunk: restored from disk, moved to what is wanted now, saved. Knows no files but by their names; their
// tokens are given to it.

import type { LanguageModel } from "../model/languageModel";
import type { TokenId } from "../model/model";
import type { State } from "../model/state";
import type { ModelAccess } from "../modelAccess";
import { type ChainEntry, type ChainLink, modelKey, type StateKey } from "../stateStore/keys";
import type { StoredState } from "../stateStore/stateFile";
import type { StateStore } from "../stateStore/stateStore";
import { timeReading } from "./readingSpeed";
import { Trunk, type TrunkOrigin } from "./trunk";
import { commonChain, planTrunk, sumOfTokens, type TrunkPlan } from "./trunkPlan";

export interface TrunkKeeperOptions {
  readonly lm: LanguageModel;
  /** Absent: states live as long as the engine. */
  readonly store: StateStore | undefined;
  /** Names the folder in the store. */
  readonly folderId: string;
  readonly maxTokens: number;
  /** What a fresh trunk may take at most; undefined: however long it takes. */
  readonly maxReadMs?: number | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** For tests: milliseconds since some fixed moment. */
  readonly clock?: (() => number) | undefined;
  /** The file's tokens, or undefined when it is not any more what the hash says, or may not be read any more. */
  readonly tokensOf: (link: ChainLink) => Promise<readonly TokenId[] | undefined>;
  /** False for a file that is being edited. */
  readonly isSettled: (path: string) => boolean;
  /** The paths of those that no trunk may have read. */
  readonly forbiddenAmong: (files: readonly ChainLink[]) => Promise<ForbiddenFiles>;
  /** Whether it is certain that a trunk may have read all of these. */
  readonly areAllowed: (files: readonly ChainLink[]) => Promise<boolean>;
  readonly onRead: () => void;
}

/** A trunk as completions and questions see it. */
export interface TrunkState {
  readonly state: State;
  /** Raised when the trunk had to forget something: what was run after an earlier epoch's state must not be used. */
  readonly epoch: number;
  /** Raised when the trunk was read anew because files had changed: an earlier one is allowed, and out of date. */
  readonly renewal: number;
  /** Whether any of the last `tokens` tokens that it has read is the file's; absent: none is. */
  readonly hasLately?: (path: string, tokens: number) => boolean;
}

export interface ForbiddenFiles {
  readonly forbidden: ReadonlySet<string>;
  /** Nobody can say: not used, and not removed either. */
  readonly doubtful: ReadonlySet<string>;
}

/** Without a store, three states of the bundled model: their windows hardly overlap. With one, the disk has the earlier ones. */
const KEPT_BYTES = 160 * 2 ** 20;
const KEPT_BESIDE_STORE_BYTES = 64 * 2 ** 20;

/** A state is saved when it has read this much more than the last one that was kept, and at the end. */
const SAVE_EVERY_TOKENS = 32_768;
/** What was read for so long is saved, too: a slow model takes 20 minutes for those tokens. The next state replaces it. */
const SAVE_EVERY_MS = 120_000;

/** Less is read sooner than all saved states are looked through. */
const WORTH_LOOKING_TOKENS = 2000;

/** Counted for the whole process: a folder that is opened anew must not be taken for what it was before. */
let epochs = 0;

export class TrunkKeeper {
  readonly #origin: TrunkOrigin;
  #trunk: Trunk;
  /** The new one, of which a part has been read: the next pass goes on with it. */
  #renewing: Trunk | undefined;
  #epoch = ++epochs;
  #renewal = 0;
  /** The key of the state that is on disk as this folder's latest. */
  #savedKey: string | undefined;
  /** When the first was read of what is not saved. */
  #unsavedSince: number | undefined;
  /** The key of a state on disk that is of no use any more when the next one is. */
  #interimKey: string | undefined;
  #readTokens = 0;
  /** Milliseconds a token; undefined as long as nobody had to know. */
  #timedMs: number | undefined;

  constructor(private readonly options: TrunkKeeperOptions) {
    const { model, about } = options.lm;
    const keptBytes = options.store === undefined ? KEPT_BYTES : KEPT_BESIDE_STORE_BYTES;
    this.#origin = { model, bos: about.tokens.bos, rootKey: modelKey(about), keptBytes };
    this.#trunk = new Trunk(this.#origin);
  }

  get trunk(): Trunk {
    return this.#trunk;
  }

  get trunkState(): TrunkState {
    const trunk = this.#trunk;
    const hasLately = (path: string, tokens: number) => trunk.hasLately(path, tokens);
    return { state: trunk.state, epoch: this.#epoch, renewal: this.#renewal, hasLately };
  }

  /** What a fresh trunk reads at most: what is set, or what the model reads in time. */
  get freshTokens(): number {
    const { maxTokens, maxReadMs } = this.options;
    if (maxReadMs === undefined || this.#tokenMs === undefined) return maxTokens;
    return Math.min(maxTokens, Math.floor(maxReadMs / this.#tokenMs));
  }

  /** Of all trunks so far. */
  get readTokens(): number {
    return this.#readTokens;
  }

  /** Whether the trunk is on disk, or there is nothing to save. */
  get isSaved(): boolean {
    return this.#trunk.files.length === 0 || this.#savedKey === this.#trunk.key;
  }

  /** Takes the state that this folder used last and may still use. Returns whether there was one. */
  async restore(): Promise<boolean> {
    const { store, folderId, maxTokens } = this.options;
    // It would be given up at once.
    if (maxTokens === 0) return false;
    for (;;) {
      const stored = await store?.restoreLatest(folderId);
      if (stored === undefined) return false;
      const { forbidden, doubtful } = await this.options.forbiddenAmong(stored.chain);
      if (forbidden.size === 0) {
        if (doubtful.size > 0) return false;
        this.#trunk = Trunk.at(this.#origin, stored.state, stored.chain);
        this.#savedKey = this.#trunk.key;
        return true;
      }
      // An older one may have read nothing of the kind. What cannot be removed is not used, either.
      if ((await store!.removeHaving(folderId, forbidden, stored.chain)) === 0) return false;
    }
  }

  /**
   * Forgets what must not be known any more, at once: whatever was read from the first such file on, here and on disk.
   * What is doubtful goes here alone.
   * @param others files that states on disk may have read, though the trunk has not
   */
  async forgetForbidden(others: ReadonlySet<string>): Promise<void> {
    const read = this.#trunks.flatMap<ChainLink>(({ files, underWay }) => (underWay ? [...files, underWay] : files));
    const { forbidden, doubtful } = await this.options.forbiddenAmong(read);
    await this.#forgetFiles(new Set([...forbidden, ...doubtful]), new Set([...forbidden, ...others]));
  }

  /** As `forgetForbidden`, for files of which it is known already. */
  async forgetFiles(paths: ReadonlySet<string>): Promise<void> {
    await this.#forgetFiles(paths, paths);
  }

  async #forgetFiles(here: ReadonlySet<string>, saved: ReadonlySet<string>): Promise<void> {
    const read = this.#trunks.flatMap(({ files }) => files);
    const trunk = without(this.#trunk, here);
    if (trunk !== this.#trunk) this.#epoch = ++epochs;
    this.#trunk = trunk;
    this.#renewing &&= without(this.#renewing, here);
    const { store, folderId } = this.options;
    if (saved.size > 0) await store?.removeHaving(folderId, saved, read);
  }

  get #trunks(): readonly Trunk[] {
    return this.#renewing === undefined ? [this.#trunk] : [this.#renewing, this.#trunk];
  }

  /** Files that saved states have read, those of other branches, too. */
  async savedPaths(): Promise<ReadonlySet<string>> {
    const { store, folderId } = this.options;
    return (await store?.pathsReadFor(folderId)) ?? new Set();
  }

  /** Begins anew. */
  forget(): void {
    this.#epoch = ++epochs;
    this.#trunk = new Trunk(this.#origin);
    this.#renewing = undefined;
    this.#savedKey = undefined;
    this.#interimKey = undefined;
  }

  /** Reads what is missing. When `access` ends it, what was read by then stays. */
  async read(wanted: readonly ChainEntry[], access: ModelAccess): Promise<void> {
    await this.#learnSpeed(wanted, access);
    const plan = this.#planAfter(this.#trunk.files, wanted);
    const isNew = plan.type === "renew" || this.#trunk.files.length === 0;
    const beginning = isNew ? await this.#beginningOf(plan.files) : this.#trunk;
    const missing = isNew ? plan.files.slice(beginning.files.length) : plan.files;
    const saved = await this.#savedWithLessThan(sumOfTokens(missing), wanted);
    if (saved !== undefined) await this.#goOn(saved, this.#planAfter(saved.files, wanted).files, access);
    else if (plan.type === "renew") await this.#renew(beginning, missing, access);
    else await this.#goOn(beginning, missing, access);
    await this.#save(this.#trunk, "kept");
    await this.options.store?.prune();
  }

  #planAfter(read: readonly ChainEntry[], wanted: readonly ChainEntry[]): TrunkPlan {
    return planTrunk(read, wanted, this.options.maxTokens, this.options.isSettled, this.freshTokens);
  }

  async #learnSpeed(wanted: readonly ChainEntry[], access: ModelAccess): Promise<void> {
    const { lm, maxReadMs, clock = () => performance.now() } = this.options;
    if (maxReadMs === undefined || this.#tokenMs !== undefined) return;
    if (this.#planAfter(this.#trunk.files, wanted).files.length === 0) return;
    await access.nextRun(); // Which may come only when it has been measured.
    if (this.#tokenMs === undefined) this.#timedMs = await timeReading(lm.model, this.#origin.bos, access, clock);
  }

  get #tokenMs(): number | undefined {
    return this.options.lm.tuning?.tokenMs ?? this.#timedMs;
  }

  async #goOn(trunk: Trunk, missing: readonly ChainLink[], access: ModelAccess): Promise<void> {
    if (trunk !== this.#trunk && this.#trunk.files.length > 0) this.#renewal++;
    this.#trunk = trunk;
    this.#renewing = undefined;
    await this.#append(trunk, this.#underWayFirst(missing), access);
  }

  /** The old trunk serves until the new one is complete. */
  async #renew(renewed: Trunk, missing: readonly ChainLink[], access: ModelAccess): Promise<void> {
    this.#renewing = renewed;
    await this.#append(renewed, missing, access);
    this.#trunk = renewed;
    this.#renewing = undefined;
    this.#renewal++;
  }

  /** Another file may have come before it meanwhile; after that one, what was read of it would be of no use. */
  #underWayFirst(files: readonly ChainLink[]): readonly ChainLink[] {
    const { underWay } = this.#trunk;
    const isUnderWay = ({ path, hash }: ChainLink) => path === underWay?.path && hash === underWay.hash;
    return [...files.filter(isUnderWay), ...files.filter((file) => !isUnderWay(file))];
  }

  async #append(trunk: Trunk, files: readonly ChainLink[], access: ModelAccess): Promise<void> {
    const { now } = this.options;
    let unkept = 0;
    for (const link of files) {
      const tokens = await this.options.tokensOf(link);
      if (tokens === undefined) continue;
      this.#unsavedSince ??= now();
      await trunk.append({ path: link.path, hash: link.hash }, tokens, now(), access);
      this.options.onRead();
      this.#readTokens += tokens.length;
      unkept += tokens.length;
      const isMuch = unkept >= SAVE_EVERY_TOKENS;
      if (!isMuch && now() - this.#unsavedSince < SAVE_EVERY_MS) continue;
      await this.#save(trunk, isMuch ? "kept" : "interim");
      if (isMuch) unkept = 0;
    }
  }

  /** A trunk with the first of `files`: from memory, or from disk when a saved one has read more of them. */
  async #beginningOf(files: readonly ChainLink[]): Promise<Trunk> {
    const known = this.#trunks.map((trunk) => {
      const count = commonChain(trunk.files, files);
      // Itself, where it can be: it may have read half of the next file.
      return count === trunk.files.length ? trunk : trunk.fork(count);
    });
    const longest = known.reduce((a, b) => (b.files.length > a.files.length ? b : a));
    const stored = await this.options.store?.restore(files);
    if (stored === undefined || stored.chain.length <= longest.files.length) return longest;
    return (await this.#trunkOf(stored)) ?? longest;
  }

  /** The trunk that leaves least to read of those on disk, as that of a branch which comes back; none unless it is less than so much. */
  async #savedWithLessThan(tokens: number, wanted: readonly ChainEntry[]): Promise<Trunk | undefined> {
    const { store, folderId, areAllowed } = this.options;
    if (store === undefined || tokens < WORTH_LOOKING_TOKENS) return undefined;
    let least = tokens;
    let best: StateKey | undefined;
    for await (const { key, chain } of store.histories(folderId)) {
      const { type, files } = this.#planAfter(chain, wanted);
      const left = sumOfTokens(files);
      if (type !== "append" || left >= least || !(await areAllowed(chain))) continue;
      least = left;
      best = key;
      if (left === 0) break;
    }
    const stored = best === undefined ? undefined : await store.load(best);
    if (stored === undefined || "refused" in stored) return undefined;
    return this.#trunkOf(stored);
  }

  /** None where it may not be used any more: rules may have changed while it was loaded. */
  async #trunkOf({ state, chain }: StoredState): Promise<Trunk | undefined> {
    return (await this.options.areAllowed(chain)) ? Trunk.at(this.#origin, state, chain) : undefined;
  }

  async #save(trunk: Trunk, as: "kept" | "interim"): Promise<void> {
    const { store } = this.options;
    this.#unsavedSince = undefined;
    if (store === undefined || trunk.files.length === 0) return;
    const { key } = trunk;
    if (key === this.#savedKey) {
      if (as === "kept") this.#interimKey = undefined;
      return;
    }
    // A file that was there before this save may be another folder's: never drop it as our interim state.
    const isOurs = !(await store.has(key));
    if (!(await this.#saved(store, trunk))) return;
    const before = this.#interimKey;
    this.#interimKey = as === "interim" && isOurs ? key : undefined;
    if (before !== undefined) await store.drop(before);
  }

  /** Returns whether it is on disk now. */
  async #saved(store: StateStore, trunk: Trunk): Promise<boolean> {
    const { folderId } = this.options;
    const { key, state, files } = trunk;
    // A start takes the folder's latest: the old trunk until the new one is complete, which is found by its content.
    if (trunk !== this.#trunk) return store.save(key, state, files, folderId);
    const isLatest = await store.saveLatest(folderId, key, state, files);
    if (isLatest) this.#savedKey = key;
    return isLatest;
  }
}

/** What may stay of a trunk when nothing may be known of some files. */
function without(trunk: Trunk, paths: ReadonlySet<string>): Trunk {
  const { files, underWay } = trunk;
  if (underWay && paths.has(underWay.path)) trunk.forgetUnderWay();
  const first = files.findIndex(({ path }) => paths.has(path));
  return first === -1 ? trunk : trunk.fork(first);
}
