// One folder's trunk: restored, moved to what is wanted now, saved. Knows no files but by their names; their tokens are
// given to it.

import type { LanguageModel } from "../model/languageModel";
import type { TokenId } from "../model/model";
import type { ModelAccess } from "../modelAccess";
import type { ReadingPace } from "../readingPace";
import { type ChainEntry, type ChainLink, modelKey, type StateKey } from "../stateStore/keys";
import type { StoredState } from "../stateStore/stateFile";
import type { TrunkState } from "./offer";
import type { Judged } from "./permission";
import { type SavedAs, SavedTrunks, type SavedTrunksOptions } from "./savedTrunks";
import { Trunk, type TrunkOrigin } from "./trunk";
import { commonChain, planTrunk, sumOfTokens, type TrunkPlan } from "./trunkPlan";

export interface TrunkKeeperOptions extends SavedTrunksOptions {
  readonly lm: LanguageModel;
  readonly pace: ReadingPace;
  readonly maxTokens: number;
  /** What a fresh trunk may take at most; undefined: however long it takes. */
  readonly maxReadMs?: number | undefined;
  /** Whether also a few edits are saved as soon as they are read: whoever asked for it goes away then. */
  readonly savesAtOnce?: boolean | undefined;
  /** The file's tokens, or undefined when it is not any more what the hash says, or may not be read any more. */
  readonly tokensOf: (link: ChainLink) => Promise<readonly TokenId[] | undefined>;
  /** False for a file that is being edited. */
  readonly isSettled: (path: string) => boolean;
  /** Which of these no trunk may have read. */
  readonly judge: (files: readonly ChainLink[], access: ModelAccess) => Promise<Judged>;
  readonly onRead: () => void;
}

interface Start {
  readonly trunk: Trunk;
  readonly missing: readonly ChainEntry[];
}

/** Without a store, three states of the bundled model: their windows hardly overlap. With one, the disk has the earlier ones. */
const KEPT_BYTES = 176 * 2 ** 20;
const KEPT_BESIDE_STORE_BYTES = 64 * 2 ** 20;

/** Less than this is read sooner than all saved states are looked through. */
const WORTH_LOOKING_TOKENS = 2000;

/**
 * A state that has read less than this beyond the last one that was kept gives way to the next: each edit makes one, and the
 * room on the disk is for those of branches, too.
 */
const WORTH_KEEPING_TOKENS = 8192;

/** One count for the whole process, so that a folder that is closed and opened again has no epoch that it had before. */
let epochs = 0;

export class TrunkKeeper {
  readonly #origin: TrunkOrigin;
  readonly #saved: SavedTrunks;
  #trunk: Trunk;
  /** The new one, of which a part has been read: the next pass goes on with it. */
  #renewing: Trunk | undefined;
  /** When all saved states were looked through last: what was left to read, and the content of each file. */
  #lastLook: { readonly tokens: number; readonly hashes: ReadonlyMap<string, string> } | undefined;
  /** The trunk that was saved when it had read everything, or nearly so: what it reads since are edits. */
  #complete: Trunk | undefined;
  /** Tokens read since a state was saved that no later one replaces. */
  #unkept = 0;
  #epoch = ++epochs;
  #renewal = 0;
  #readTokens = 0;
  #restoredMs: number | undefined;

  constructor(private readonly options: TrunkKeeperOptions) {
    const { lm, pace, store } = options;
    const { model, about } = lm;
    const keptBytes = store === undefined ? KEPT_BYTES : KEPT_BESIDE_STORE_BYTES;
    this.#origin = { model, bos: about.tokens.bos, rootKey: modelKey(about), keptBytes, pace };
    this.#saved = new SavedTrunks(options);
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
    const { maxTokens, maxReadMs, pace } = this.options;
    // Not as fast as it reads just now: how much is read should not follow from what else the machine does.
    const { measuredTokenMs } = pace;
    if (maxReadMs === undefined || measuredTokenMs === undefined) return maxTokens;
    return Math.min(maxTokens, Math.floor(maxReadMs / measuredTokenMs));
  }

  /** The tokens that all trunks have read so far. */
  get readTokens(): number {
    return this.#readTokens;
  }

  /** How long it took to take over what was saved; undefined: the trunk was begun here. */
  get restoredMs(): number | undefined {
    return this.#restoredMs;
  }

  /** Whether the trunk is on disk, or there is nothing to save. */
  get isSaved(): boolean {
    return this.#saved.isSaved(this.#trunk);
  }

  /** After how long the trunk should be saved, once it has read everything; 0: now. */
  get saveInMs(): number {
    return this.#isWorthKeeping || this.options.savesAtOnce === true ? 0 : this.#saved.editsDueInMs;
  }

  /**
   * Takes the state that this folder used last and may still use. Returns whether there was one.
   * @param takesUnknown asked about files that the state has read and that nobody can judge: false leaves it on disk, unused
   */
  async restore(access: ModelAccess, takesUnknown: (paths: ReadonlySet<string>) => boolean): Promise<boolean> {
    // With no tokens to keep, it would be given up at once.
    if (this.options.maxTokens === 0) return false;
    const began = this.options.clocks.elapsedMs();
    for (;;) {
      const stored = await this.#saved.latest();
      if (stored === undefined) return false;
      const { forbidden, unknown } = await this.options.judge(stored.chain, access);
      if (forbidden.size === 0) {
        if (unknown.size > 0 && !takesUnknown(unknown)) return false;
        this.#trunk = Trunk.at(this.#origin, stored.state, stored.chain);
        this.#saved.took(this.#trunk);
        this.#restoredMs = this.options.clocks.elapsedMs() - began;
        return true;
      }
      // Next comes an older one, which may have read none of these. If nothing could be removed, the same one would come again.
      if ((await this.#saved.removeHaving(forbidden, stored.chain)) === 0) return false;
    }
  }

  /** All that is known here, also of files that were not read to their ends. */
  get known(): readonly ChainLink[] {
    return this.#trunks.flatMap<ChainLink>(({ files, underWay }) => (underWay ? [...files, underWay] : files));
  }

  /**
   * Forgets what must not be known any more, at once: whatever was read from the first such file on.
   * @param saved the files whose saved states are removed; other ones than `here`, where states have read what the trunk has
   * not
   */
  async forgetFiles(here: ReadonlySet<string>, saved = here): Promise<void> {
    const read = this.#trunks.flatMap(({ files }) => files);
    const trunk = this.#trunk.forgetFiles(here);
    const renewing = this.#renewing?.forgetFiles(here);
    if (trunk !== this.#trunk) this.#epoch = ++epochs;
    this.#become(trunk);
    this.#renewing = renewing;
    if (saved.size > 0) await this.#saved.removeHaving(saved, read);
  }

  get #trunks(): readonly Trunk[] {
    return this.#renewing === undefined ? [this.#trunk] : [this.#renewing, this.#trunk];
  }

  /** Files that saved states have read, those of other branches, too. */
  async savedPaths(): Promise<ReadonlySet<string>> {
    return this.#saved.paths();
  }

  /** Begins anew, from what is on disk by then. */
  startAnew(): void {
    this.#epoch = ++epochs;
    this.#trunk = new Trunk(this.#origin);
    this.#renewing = undefined;
    this.#lastLook = undefined;
    this.#complete = undefined;
    this.#restoredMs = undefined;
    this.#saved.startAnew();
  }

  /** Reads what is missing. When `access` ends it, what was read by then stays. */
  async read(wanted: readonly ChainEntry[], access: ModelAccess): Promise<void> {
    await this.#learnSpeed(wanted, access);
    const plan = this.#plan(wanted);
    if (plan.type === "append" && sumOfTokens(plan.files) < WORTH_KEEPING_TOKENS) this.#completeIfSaved();
    const isNew = plan.type === "renew" || this.#trunk.files.length === 0;
    const { trunk, missing } = isNew
      ? await this.#startOf(plan.files, wanted, access)
      : { trunk: this.#trunk, missing: plan.files };
    const other = await this.#savedWithLessThan(sumOfTokens(missing), wanted, access);
    if (other !== undefined) await this.#goOn(other, this.#planAfter(other.files, wanted).files, access);
    else if (plan.type === "renew" && trunk !== this.#trunk) await this.#renew(trunk, missing, access);
    else await this.#goOn(trunk, missing, access);
    if (this.saveInMs === 0) await this.#save(this.#trunk, this.#isWorthKeeping ? "kept" : "interim");
    this.#completeIfSaved();
    await this.#saved.prune();
  }

  /** Called where the trunk has read everything, or nearly so. */
  #completeIfSaved(): void {
    if (this.isSaved && this.#trunk.files.length > 0) this.#complete = this.#trunk;
  }

  get #isWorthKeeping(): boolean {
    return this.#trunk !== this.#complete || this.#unkept >= WORTH_KEEPING_TOKENS;
  }

  #plan(wanted: readonly ChainEntry[]): TrunkPlan {
    const { files } = this.#trunk;
    const anew = this.#planAfter(files, wanted, this.#isSettledInEarlier);
    return anew.type === "renew" || this.#renewing === undefined ? anew : this.#planAfter(files, wanted);
  }

  /** A file that is edited again while a new trunk is read is as out of date in the earlier ones as it was. */
  get #isSettledInEarlier(): (path: string) => boolean {
    return this.#renewing === undefined ? this.options.isSettled : () => true;
  }

  #planAfter(
    read: readonly ChainEntry[],
    wanted: readonly ChainEntry[],
    isSettled = this.options.isSettled,
  ): TrunkPlan {
    return planTrunk(read, wanted, this.options.maxTokens, isSettled, this.freshTokens);
  }

  /** Times the model, if the time to read is limited and there is something to read. */
  async #learnSpeed(wanted: readonly ChainEntry[], access: ModelAccess): Promise<void> {
    const { maxReadMs, pace } = this.options;
    if (maxReadMs === undefined || pace.measuredTokenMs !== undefined) return;
    if (this.#planAfter(this.#trunk.files, wanted).files.length > 0) await pace.learn(access);
  }

  async #goOn(trunk: Trunk, missing: readonly ChainLink[], access: ModelAccess): Promise<void> {
    if (trunk !== this.#trunk) {
      if (this.#trunk.files.length > 0) this.#renewal++;
      await this.#keepForLater();
    }
    this.#become(trunk);
    await this.#append(trunk, underWayFirst(trunk, missing), access);
  }

  /** The old trunk serves until the new one is complete. */
  async #renew(renewed: Trunk, missing: readonly ChainLink[], access: ModelAccess): Promise<void> {
    if (this.#renewing === undefined) await this.#keepForLater();
    this.#renewing = renewed;
    await this.#append(renewed, underWayFirst(renewed, missing), access);
    this.#become(renewed);
    this.#renewal++;
  }

  /** Of the one before, and of one that was to come, nothing is held any more. */
  #become(trunk: Trunk): void {
    if (trunk !== this.#trunk) this.#complete = undefined;
    this.#trunk = trunk;
    this.#renewing = undefined;
  }

  /** The folder goes on from another trunk, and may come back to this one, with its last edits. */
  async #keepForLater(): Promise<void> {
    if (this.#trunk === this.#complete) await this.#save(this.#trunk, "kept");
    this.#saved.keepInterim();
  }

  async #append(trunk: Trunk, files: readonly ChainLink[], access: ModelAccess): Promise<void> {
    const { clocks } = this.options;
    for (const link of files) {
      const tokens = await this.options.tokensOf(link);
      if (tokens === undefined) continue;
      this.#saved.began();
      await trunk.append({ path: link.path, hash: link.hash }, tokens, clocks.epochMs(), access);
      this.options.onRead();
      this.#saved.hasRead(tokens.length);
      this.#readTokens += tokens.length;
      this.#unkept += tokens.length;
      const as = this.#saved.due(this.#unkept, trunk === this.#complete);
      if (as !== undefined) await this.#save(trunk, as);
    }
  }

  async #save(trunk: Trunk, as: SavedAs): Promise<void> {
    const isSaved = await this.#saved.save(trunk, as, trunk === this.#trunk);
    if (isSaved && as === "kept") this.#unkept = 0;
  }

  /**
   * With what a trunk begins that is to read `files`. The one under way goes on even if it has read a file that has changed since,
   * unless that leaves more to read.
   */
  async #startOf(files: readonly ChainEntry[], wanted: readonly ChainEntry[], access: ModelAccess): Promise<Start> {
    const trunk = await this.#beginningOf(files, access);
    const missing = files.slice(trunk.files.length);
    if (this.#renewing === undefined) return { trunk, missing };
    const rest = this.#planAfter(this.#renewing.files, wanted);
    const leavesMore = rest.type === "renew" || sumOfTokens(rest.files) > sumOfTokens(missing);
    return leavesMore ? { trunk, missing } : { trunk: this.#renewing, missing: rest.files };
  }

  /** A trunk with the first of `files`: from memory, or from disk when a saved one has read more of them. */
  async #beginningOf(files: readonly ChainLink[], access: ModelAccess): Promise<Trunk> {
    const known = this.#trunks.map((trunk) => {
      const count = commonChain(trunk.files, files);
      // The trunk itself where it fits whole, and no fork: it may have read half of the next file.
      return count === trunk.files.length ? trunk : trunk.fork(count);
    });
    const longest = known.reduce((a, b) => (b.files.length > a.files.length ? b : a));
    const stored = await this.#saved.longerThan(longest.files.length, files);
    return (stored && (await this.#trunkOf(stored, access))) ?? longest;
  }

  /**
   * Of the trunks on disk the one that leaves least to read, if that is less than `tokens`: a branch may have come back that
   * was read before.
   */
  async #savedWithLessThan(
    tokens: number,
    wanted: readonly ChainEntry[],
    access: ModelAccess,
  ): Promise<Trunk | undefined> {
    if (tokens < WORTH_LOOKING_TOKENS || !this.#mayFindAnother(tokens, wanted)) return undefined;
    let least = tokens;
    let best: StateKey | undefined;
    let isCertain = true;
    for await (const { key, chain } of this.#saved.histories()) {
      const { type, files } = this.#planAfter(chain, wanted, this.#isSettledInEarlier);
      const left = sumOfTokens(files);
      if (type !== "append" || left >= least) continue;
      if (!(await this.#isAllowed(chain, access))) {
        // It may be allowed next time.
        isCertain = false;
        continue;
      }
      least = left;
      best = key;
      if (left === 0) break;
    }
    const stored = best === undefined ? undefined : await this.#saved.load(best);
    const found = stored && (await this.#trunkOf(stored, access));
    // Only a look that came to its end, and to its best one, need not be made again.
    if (isCertain && (best === undefined || found !== undefined)) {
      this.#lastLook = { tokens, hashes: new Map(wanted.map(({ path, hash }) => [path, hash])) };
    }
    return found;
  }

  /** Whether so much has changed since all saved states were looked through that another one may leave less. */
  #mayFindAnother(tokens: number, wanted: readonly ChainEntry[]): boolean {
    const last = this.#lastLook;
    if (last === undefined) return true;
    const changed = sumOfTokens(wanted.filter(({ path, hash }) => last.hashes.get(path) !== hash));
    return changed + Math.max(0, tokens - last.tokens) >= WORTH_LOOKING_TOKENS;
  }

  /** Undefined if it may not be used any more: rules may have changed while it was loaded. */
  async #trunkOf({ state, chain }: StoredState, access: ModelAccess): Promise<Trunk | undefined> {
    return (await this.#isAllowed(chain, access)) ? Trunk.at(this.#origin, state, chain) : undefined;
  }

  /** Whether it is certain that a trunk may have read all of these. */
  async #isAllowed(files: readonly ChainLink[], access: ModelAccess): Promise<boolean> {
    const { forbidden, unknown } = await this.options.judge(files, access);
    return forbidden.size === 0 && unknown.size === 0;
  }
}

/**
 * The files, with the half-read one first, even if another one should come before it by now: behind that, its half would be of
 * no use.
 */
function underWayFirst({ underWay }: Trunk, files: readonly ChainLink[]): readonly ChainLink[] {
  const isUnderWay = ({ path, hash }: ChainLink) => path === underWay?.path && hash === underWay.hash;
  return [...files.filter(isUnderWay), ...files.filter((file) => !isUnderWay(file))];
}
