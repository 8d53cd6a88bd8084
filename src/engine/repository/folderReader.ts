// Reads one workspace folder in the background and keeps what was read true: lists it, indexes it, lets the trunk read it,
// and follows changes. All in jobs of the lowest priorities, which wait for their turn before every file and every run.

import { join } from "node:path";
import type {
  FolderReport,
  LogLevel,
  ReadingProgress,
  RepositoryOptions,
  WorkspaceFolder,
} from "../../protocol/engine";
import type { TrunkState } from "../baseChoice";
import { type Changes, changedFiles } from "../files/changedFiles";
import { type Listing, listFiles, type SourceFile } from "../files/listFiles";
import { orderByStability } from "../files/orderByStability";
import type { ReadRules } from "../files/readRules";
import { readSource } from "../files/readSource";
import { isPassing, REFUSALS, type Refusal } from "../files/refusal";
import type { LanguageModel } from "../languageModel";
import type { TokenId } from "../model";
import type { ChainLink } from "../stateStore/keys";
import type { StateStore } from "../stateStore/stateStore";
import { Cancelled, type Turn } from "../turn";
import { fileTokens } from "./fileTokens";
import { Pause } from "./pause";
import { PendingChanges } from "./pendingChanges";
import { couldNotBeRead, NotNow, Permission } from "./permission";
import { SourceIndex } from "./sourceIndex";
import type { Trunk } from "./trunk";
import { type ForbiddenFiles, TrunkKeeper } from "./trunkKeeper";
import { tooLarge, type WantedFile } from "./trunkPlan";

export interface FolderReaderOptions {
  readonly folder: WorkspaceFolder;
  readonly repository: RepositoryOptions;
  readonly lm: LanguageModel;
  /** Absent: states live as long as the engine. */
  readonly store: StateStore | undefined;
  readonly background: Background;
  readonly onProgress: (progress: ReadingProgress) => void;
  readonly log: (level: LogLevel, message: string) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** A file that changed less than this ago is still being edited. */
  readonly settleMs: number;
  /** After this it is tried again to read rules that could not be read; then after twice as long, and so on. */
  readonly retryMs: number;
  /** Other readers that were closed may still be saving until then. */
  readonly after: Promise<unknown>;
}

/** The longest wait between two tries, if nothing happens meanwhile. */
const MOST_RETRY_MS = 240_000;

/** Runs work when nobody waits for anything. What indexes a folder comes before the trunk of another, which takes long. */
export type Background = (priority: "index" | "read", work: (turn: Turn) => Promise<void>) => Promise<void>;

export class FolderReader {
  readonly index: SourceIndex;
  readonly #keeper: TrunkKeeper;
  readonly #pause = new Pause();
  /** Ends the pass under way. */
  #passing = new AbortController();
  /** Passes, and what others do to the saved states meanwhile, come one after the other. */
  #last: Promise<unknown>;
  readonly #permission: Permission;
  /** Every readable file, in the order in which a fresh trunk would read it. */
  #order: readonly string[] = [];
  #leftOut: Listing["leftOut"] = {};
  /** What is known by name is looked at also while the trunk reads, and everything in the next pass. */
  readonly #pending = new PendingChanges();
  /** Folders and files of which the disk told nothing: they are looked at again a little later. */
  readonly #unread = new Set<string>();
  /** Files that must not be known any more, and may still be: by the trunk, or by states on disk. */
  readonly #forbidden = new Set<string>();
  #progress: ReadingProgress;
  #restoredMs: number | undefined;
  #state: "idle" | "running" | "disposed" = "idle";
  #isWanted = false;
  #wakeTimer: NodeJS.Timeout | undefined;
  #retryMs: number;

  constructor(private readonly options: FolderReaderOptions) {
    const { lm, folder, now, store, repository, retryMs, after } = options;
    this.#retryMs = retryMs;
    this.#last = after;
    this.index = new SourceIndex(lm, now);
    this.#permission = new Permission({ folder, exclude: repository.exclude, now });
    this.#progress = { folder: folder.path, phase: "listing", filesRead: 0, filesTotal: 0, tokens: 0 };
    this.#keeper = new TrunkKeeper({
      lm,
      store,
      now,
      folderId: folder.path,
      maxTokens: repository.maxTokens,
      tokensOf: (link) => this.#tokensOf(link),
      forbiddenAmong: (files) => this.#forbiddenAmong(files),
      onRead: () => this.#report({ phase: "reading" }),
    });
  }

  get folder(): WorkspaceFolder {
    return this.options.folder;
  }

  get trunk(): Trunk {
    return this.#keeper.trunk;
  }

  get trunkState(): TrunkState {
    return this.#keeper.trunkState;
  }

  /** Nothing of what was read may be shown to a model just now. */
  get isUnsure(): boolean {
    return this.#permission.isUnsure;
  }

  /** Begins, or goes on when something has changed. Resolves when there is nothing left to do for now. */
  async read(): Promise<void> {
    this.#retryMs = this.options.retryMs;
    await this.#readOn();
  }

  async #readOn(): Promise<void> {
    this.#isWanted = true;
    if (this.#state !== "idle") return;
    this.#state = "running";
    try {
      // Also after a pass that has failed: what has changed meanwhile may be what it wants.
      while (this.#isWanted && !this.#isDisposed) {
        this.#isWanted = false;
        this.#passing = new AbortController();
        const { signal } = this.#passing;
        await this.#alone(() => this.#passUntil(signal)).catch((error) => this.#fail(error as Error));
      }
    } finally {
      if (!this.#isDisposed) this.#state = "idle";
    }
  }

  /** As `read`, and any file may have changed. */
  async lookAgain(): Promise<void> {
    this.#pending.addAny();
    await this.read();
  }

  /** Absolute paths, of files or folders. Where they say that less may be read, that holds at once. */
  async filesChanged(paths: readonly string[]): Promise<void> {
    this.#pending.add(paths);
    if (await this.#permission.rulesChanged(paths)) {
      this.#permission.markRulesOld();
      this.#passing.abort(new Cancelled("other files may be read now"));
    }
    await this.read();
  }

  /** `reason` is a sentence; undefined: go on. */
  setPaused(reason: string | undefined): void {
    this.#pause.set(reason);
  }

  /** A file that is switched off is forgotten at once, by the trunk too; switched on, it is read anew. */
  async setFileEnabled(path: string, isEnabled: boolean): Promise<void> {
    if (isEnabled) this.#permission.switchOn(path);
    else {
      this.#permission.switchOff(path);
      this.index.remove(path);
      this.#forbidden.add(path);
      // It may be about to be read, and whatever is read next may come after it.
      this.#passing.abort(new Cancelled("a file was switched off"));
    }
    await this.lookAgain();
  }

  isSwitchedOff(path: string): boolean {
    return this.#permission.switchedOff.has(path);
  }

  /** Ends the pass under way, does `work` on the saved states while nothing is read or saved, and reads anew. */
  async restart<R>(work: () => Promise<R>): Promise<R> {
    this.#passing.abort(new Cancelled("reading begins anew"));
    this.#isWanted = true;
    try {
      return await this.#alone(async () => {
        const result = await work();
        this.#keeper.forget();
        this.#restoredMs = undefined;
        this.#pending.addAny();
        return result;
      });
    } finally {
      void this.read();
    }
  }

  report(): FolderReport {
    const newest = new Map(this.trunk.files.map((file) => [file.path, file]));
    const read = [...newest.values()].map(({ path, tokens, readAt, hash }) => {
      return {
        path,
        tokens,
        readAt,
        isStale: this.index.get(path)?.hash !== hash,
        isEnabled: !this.#permission.switchedOff.has(path),
      };
    });
    const off = [...this.#permission.switchedOff].filter((path) => !newest.has(path));
    return {
      progress: this.#progress,
      files: [...read, ...off.map((path) => ({ path, tokens: 0, readAt: 0, isStale: false, isEnabled: false }))],
      leftOut: { ...inWords([this.#leftOut, this.index.refused]), ...this.#tooLarge() },
      memoryTokens: this.index.memory.tokenCount,
      readTokens: this.#keeper.readTokens,
      isSaved: this.#keeper.isSaved,
      ...(this.#restoredMs === undefined ? {} : { restoredMs: this.#restoredMs }),
    };
  }

  /** Files that completions and questions may draw on, and that the trunk does without. */
  #tooLarge(): Record<string, number> {
    const { maxTokens } = this.options.repository;
    const read = new Set(this.trunk.files.map(({ path }) => path));
    const count = tooLarge(this.#wanted(), maxTokens).filter(({ path }) => !read.has(path)).length;
    const reason = "it alone is more than a quarter of what is read at most";
    return maxTokens === 0 || count === 0 ? {} : { [reason]: count };
  }

  /** Resolves when nothing is saved any more. */
  async dispose(): Promise<void> {
    this.#state = "disposed";
    this.#passing.abort(new Cancelled("the folder was closed"));
    clearTimeout(this.#wakeTimer);
    this.#pause.set(undefined);
    await this.#last;
  }

  get #isDisposed(): boolean {
    return this.#state === "disposed";
  }

  async #alone<R>(work: () => Promise<R>): Promise<R> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => {});
    return done;
  }

  /** A pass that was ended is no failure: whoever ended it says what comes then. */
  async #passUntil(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    try {
      await this.#pass();
    } catch (error) {
      if (error instanceof NotNow) this.#tryAgainSoon(error.message);
      else if (!(error instanceof Cancelled)) throw error;
    }
  }

  #tryAgainSoon(message: string): void {
    if (this.#isDisposed) return;
    this.#permission.markRulesOld();
    if (this.#progress.message !== message) this.options.log("warn", message);
    this.#report({ phase: "failed", message });
    this.#wakeAfter(this.#nextRetryMs());
  }

  #nextRetryMs(): number {
    const retryMs = this.#retryMs;
    this.#retryMs = Math.min(2 * retryMs, MOST_RETRY_MS);
    return retryMs;
  }

  #wakeAfter(ms: number): void {
    clearTimeout(this.#wakeTimer);
    this.#wakeTimer = setTimeout(() => void this.#readOn(), ms);
    this.#wakeTimer.unref();
  }

  /** One look at everything that may have changed, and what follows from it. */
  async #pass(): Promise<void> {
    await this.#work("index", (turn) => this.#learnWhatIsThere(turn));
    this.#report({ phase: "reading" });
    await this.#work("read", (turn) => this.#keeper.read(this.#wanted(), this.#following(turn)));
    this.#report({ phase: "done" });
    if (!this.#isDisposed) this.#wakeWhenNeeded();
  }

  /** Ends with the pass under way. */
  async #work(priority: "index" | "read", work: (turn: Turn) => Promise<void>): Promise<void> {
    const { signal } = this.#passing;
    await this.options.background(priority, (turn) => work(this.#unlessPaused(turn, signal)));
  }

  async #learnWhatIsThere(turn: Turn): Promise<void> {
    // Also while reading is paused. What is switched off is so whatever the rules are, which may not be known just now.
    await this.#keeper.forgetFiles(this.#takeForbidden());
    await this.#permission.lookForNewRules();
    const newRules = this.#permission.areRulesOld ? await this.#obeyNewRules() : undefined;
    if (this.trunk.files.length === 0) await this.#restore();
    await this.#forgetForbidden();
    await turn.next();
    await this.#lookAtChanges(turn, newRules);
    await this.#forgetForbidden();
  }

  async #obeyNewRules(): Promise<ReadRules> {
    this.#pending.addAny();
    const rules = await this.#permission.loadNew();
    await this.#removeForbidden(this.index.paths);
    await this.#removeForbidden(await this.#keeper.savedPaths());
    return rules;
  }

  /** Of these files, those that may not be read any more. */
  async #removeForbidden(paths: Iterable<string>): Promise<void> {
    for (const path of [...paths]) {
      const verdict = await this.#permission.judge(path);
      if (verdict !== "allowed") this.index.remove(path);
      if (verdict === "forbidden") this.#forbidden.add(path);
    }
  }

  /** What was read of them goes, too: in memory and on disk. */
  async #forgetForbidden(): Promise<void> {
    await this.#keeper.forgetForbidden(this.#takeForbidden());
    this.#permission.throwIfUnsure();
  }

  #takeForbidden(): ReadonlySet<string> {
    const forbidden = new Set(this.#forbidden);
    this.#forbidden.clear();
    return forbidden;
  }

  /** Brings the index up to date. @param newRules if some have just been loaded */
  async #lookAtChanges(turn: Turn, newRules: ReadRules | undefined): Promise<void> {
    await this.#pending.take(async (paths, isAny) => {
      const rules = this.#permission.rules;
      if (isAny || rules === undefined) return this.#lookAtEverything(turn, newRules);
      if (paths.length === 0) return;
      const changes = await changedFiles(this.options.folder.path, rules, paths);
      if (changes.rulesChanged || changes.headChanged) return this.#lookAtEverything(turn);
      await this.#takeIn(changes, rules, turn);
    });
  }

  async #restore(): Promise<void> {
    this.#report({ phase: "restoring" });
    const began = performance.now();
    if (!(await this.#keeper.restore())) return;
    this.#restoredMs = performance.now() - began;
    const { log, folder } = this.options;
    log(
      "info",
      `${folder.name}: a state of ${this.trunk.tokens} tokens restored in ${Math.round(this.#restoredMs)} ms.`,
    );
    this.#report({ phase: "listing" });
  }

  async #lookAtEverything(turn: Turn, newRules?: ReadRules): Promise<void> {
    this.#report({ phase: "listing" });
    const rules = newRules ?? (await this.#permission.load());
    // They may be others than when the states were saved.
    await this.#removeForbidden(await this.#keeper.savedPaths());
    const { signal } = this.#passing;
    const { files, leftOut, unread } = await listFiles(rules, signal);
    this.#leftOut = leftOut;
    for (const path of unread) this.#unread.add(path);
    // What is known of a folder that cannot be listed stays, and is looked at one by one.
    const kept = await this.#allowedIn(unread);
    const ordered = await orderByStability(rules.root, [...files, ...kept], { signal });
    signal.throwIfAborted();
    this.#order = ordered.map(({ path }) => path);
    const listed = new Set(this.#order);
    const unlisted = [...this.index.paths].filter((path) => !listed.has(path));
    await this.#removeForbidden(unlisted);
    this.index.removeAll(unlisted);
    // Looking into the files takes long, and the trunk is in use.
    await this.#forgetForbidden();
    await this.#index(this.#order, rules, turn);
  }

  /** Known files that lie in one of `folders`, or are one of them, and are not forbidden. */
  async #allowedIn(folders: readonly string[]): Promise<SourceFile[]> {
    const isIn = (path: string) => folders.some((at) => at === "" || path === at || path.startsWith(`${at}/`));
    const allowed: SourceFile[] = [];
    for (const path of [...this.index.paths].filter(isIn)) {
      if ((await this.#permission.judge(path)) !== "forbidden") allowed.push({ path, bytes: 0, modifiedMs: 0 });
    }
    return allowed;
  }

  /** Changes that need no new list of the folder's files. */
  async #takeIn({ present, removed, unread }: Changes, rules: ReadRules, turn: Turn): Promise<void> {
    this.index.removeAll(removed);
    for (const path of unread) this.#unread.add(path);
    const known = new Set(this.#order);
    this.#order = [...this.#order, ...present.filter((path) => !known.has(path))];
    await this.#index(present, rules, turn);
  }

  async #index(paths: readonly string[], { root }: ReadRules, turn: Turn): Promise<void> {
    for (const path of paths) {
      await turn.next();
      if (!this.#permission.switchedOff.has(path)) await this.#indexFile(root, path);
      // It may have been switched off before, or while it was looked at.
      if (this.#permission.switchedOff.has(path)) this.index.remove(path);
    }
    while (this.index.memory.work()) await turn.next();
  }

  /** One file that cannot be taken in is no reason to do without the others. */
  async #indexFile(root: string, path: string): Promise<void> {
    try {
      await this.index.update(root, path);
    } catch (error) {
      this.index.remove(path);
      const { log, folder } = this.options;
      log("error", `${folder.name}: ${path} is left out. ${(error as Error).stack ?? (error as Error).message}`);
    }
  }

  /** For the trunk, whose reading may take hours: what has changed is known before each run. */
  #following(turn: Turn): Turn {
    return {
      next: async () => {
        await this.#followChanges();
        await turn.next();
      },
    };
  }

  /** Where the rules or more than can be named have changed, the next pass looks, and the trunk goes on from where it is. */
  async #followChanges(): Promise<void> {
    const rules = this.#permission.rules;
    if (this.#pending.isAny) throw new Cancelled("any file may have changed");
    if (!this.#pending.hasPaths || rules === undefined) return;
    await this.#pending.takePaths(async (paths) => {
      const changes = await changedFiles(this.options.folder.path, rules, paths);
      if (changes.rulesChanged || changes.headChanged) throw new Cancelled("any file may have changed");
      await this.#work("index", (turn) => this.#takeIn(changes, rules, turn));
    });
  }

  #wanted(): WantedFile[] {
    const settledBefore = this.options.now() - this.options.settleMs;
    const wasRead = new Set(this.trunk.files.map(({ path }) => path));
    return this.#order.flatMap((path) => {
      const file = this.index.get(path);
      // What was never read is new to the trunk at any time.
      return file === undefined ? [] : [{ ...file, isSettled: !wasRead.has(path) || file.seenAt <= settledBefore }];
    });
  }

  /** Files that may not be known any more. One that is gone was no secret. */
  async #forbiddenAmong(files: readonly ChainLink[]): Promise<ForbiddenFiles> {
    return this.#permission.forbiddenAmong(files.filter(({ path }) => this.index.get(path) === undefined));
  }

  async #tokensOf({ path, hash }: ChainLink): Promise<readonly TokenId[] | undefined> {
    const { folder, lm } = this.options;
    const source = await readSource(this.#permission.rules?.root ?? folder.path, path, { asStored: true });
    if (!("refused" in source) && source.hash === hash) return fileTokens(lm, path, source.text);
    if ("refused" in source && isPassing(source.refused)) {
      this.#unread.add(path);
      return undefined;
    }
    // It has changed since it was looked at: the next pass looks again.
    this.#pending.add([join(folder.path, path)]);
    this.#isWanted = true;
    return undefined;
  }

  /** For files that are still being edited, and for what could not be read. */
  #wakeWhenNeeded(): void {
    const { folder, now, settleMs } = this.options;
    const unsettled = this.#wanted().filter(({ isSettled }) => !isSettled);
    const last = Math.max(...unsettled.map(({ path }) => this.index.get(path)!.seenAt));
    const waits = unsettled.length === 0 ? [] : [Math.max(0, last + settleMs - now()) + 1];
    const unread = [...this.#unread, ...this.index.unread];
    this.#unread.clear();
    this.#pending.add(unread.map((path) => join(folder.path, path)));
    if (unread.length > 0) waits.push(this.#nextRetryMs());
    clearTimeout(this.#wakeTimer);
    if (waits.length > 0) this.#wakeAfter(Math.min(...waits));
  }

  #unlessPaused(turn: Turn, signal: AbortSignal): Turn {
    return {
      next: async () => {
        signal.throwIfAborted();
        if (this.#pause.reason !== undefined) {
          const { phase } = this.#progress;
          this.#report({ phase: "paused", message: this.#pause.reason });
          await orAborted(this.#pause.over(), signal);
          this.#report({ phase });
        }
        await orAborted(turn.next(), signal);
      },
    };
  }

  #report(change: Partial<ReadingProgress>): void {
    const { message: _, ...before } = this.#progress;
    const filesRead = this.trunk.pathCount;
    const filesTotal = Math.max(this.index.fileCount, filesRead);
    this.#progress = { ...before, filesRead, filesTotal, tokens: this.trunk.tokens, ...change };
    this.options.onProgress(this.#progress);
  }

  #fail(error: Error): void {
    this.options.log("error", error.stack ?? error.message);
    this.#report({ phase: "failed", message: couldNotBeRead(this.options.folder, error) });
  }
}

/** Waits for `promise`, but not beyond the signal, whose reason it throws. */
async function orAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  let stop = () => {};
  const aborted = new Promise<void>((resolve) => {
    stop = resolve;
    signal.addEventListener("abort", stop, { once: true });
  });
  await Promise.race([promise, aborted]);
  signal.removeEventListener("abort", stop);
  signal.throwIfAborted();
}

/** Counts of what was left out, by reason as the user reads it. */
function inWords(counts: readonly Readonly<Partial<Record<Refusal, number>>>[]): Record<string, number> {
  const words: Record<string, number> = {};
  for (const [refusal, count] of counts.flatMap((part) => Object.entries(part))) {
    const reason = REFUSALS[refusal as Refusal];
    words[reason] = (words[reason] ?? 0) + count;
  }
  return words;
}
