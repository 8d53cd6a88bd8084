// Reads one workspace folder in the background and keeps what was read true. Says what a pass does: learn what is there, and let
// the trunk read. All in jobs of the lowest priorities, which wait for their
// access to the model before every file and every run. A pause holds the trunk alone, which takes nearly all of the time.

import { join } from "node:path";
import type { Clocks } from "../../machine/clocks";
import type {
  FolderReport,
  LogLevel,
  ReadingProgress,
  RepositorySettings,
  ToldFolder,
  WorkspaceFolder,
} from "../../protocol/engine";
import { isPassing } from "../files/refusal";
import type { LanguageModel } from "../model/languageModel";
import type { TokenId } from "../model/model";
import { Cancelled, type ModelAccess } from "../modelAccess";
import type { ReadingPace } from "../readingPace";
import type { ChainLink } from "../stateStore/keys";
import type { StateStore } from "../stateStore/stateStore";
import { fileTokens } from "./fileTokens";
import { FolderIndexer } from "./folderIndexer";
import { reportFiles, reportTooLarge } from "./folderReport";
import { FolderSurvey } from "./folderSurvey";
import { Forgetting, judge } from "./forgetting";
import type { TrunkState } from "./offer";
import { Passes } from "./passes";
import { PendingChanges } from "./pendingChanges";
import { couldNotBeRead, NotNow, Permission } from "./permission";
import { type ReadCounts, ReadingReporter } from "./readingReporter";
import { nextLookInMs, restMs } from "./settling";
import type { SourceIndex } from "./sourceIndex";
import type { Trunk } from "./trunk";
import { Paused, TrunkAccess } from "./trunkAccess";
import { TrunkKeeper } from "./trunkKeeper";
import { sumOfTokens } from "./trunkPlan";
import { UntoldChanges } from "./untoldChanges";

export interface FolderReaderOptions {
  readonly folder: WorkspaceFolder;
  readonly repository: RepositorySettings;
  /** Paths of files, from the beginning on. */
  readonly switchedOff: readonly string[];
  readonly lm: LanguageModel;
  /** Of all folders, so that it is timed once. */
  readonly pace: ReadingPace;
  /** Absent: states live as long as the engine. */
  readonly store: StateStore | undefined;
  readonly background: Background;
  readonly onProgress: (progress: ReadingProgress) => void;
  readonly log: (level: LogLevel, message: string) => void;
  /** See RepositoryOptions. */
  readonly adviceOnFailure?: string;
  /** See TrunkKeeperOptions. */
  readonly savesAtOnce?: boolean;
  /** A file's saved text counts now, whatever was told of an open document; absolute. */
  readonly onSavedText?: (path: string) => void;
  readonly clocks: Clocks;
  /** A file that changed less than this ago is still being edited; a long one for longer (see settling.ts). */
  readonly settleMs: number;
  /** After this it is tried again to read rules that could not be read; then after twice as long, and so on. */
  readonly retryMs: number;
  /** Other readers that were closed may still be saving until then. */
  readonly after: Promise<unknown>;
}

/** Runs work when nobody waits for anything. What indexes a folder comes before the trunk of another, which takes long. */
export type Background = (priority: "index" | "read", work: (access: ModelAccess) => Promise<void>) => Promise<void>;

export class FolderReader {
  readonly #passes: Passes;
  readonly #indexer: FolderIndexer;
  readonly #keeper: TrunkKeeper;
  readonly #permission: Permission;
  /** Changes whose files are known by name are looked at also while the trunk reads, all others in the next pass. */
  readonly #pending = new PendingChanges();
  readonly #untold: UntoldChanges;
  readonly #trunkAccess: TrunkAccess;
  readonly #forgetting: Forgetting;
  readonly #survey: FolderSurvey;
  readonly #reporter: ReadingReporter;

  constructor(private readonly options: FolderReaderOptions) {
    const { lm, pace, folder, clocks, store, repository, switchedOff, retryMs, after, log, onSavedText } = options;
    this.#passes = new Passes({
      pass: () => this.#pass(),
      onFailure: (error) => this.#fail(error),
      retryMs,
      after,
    });
    this.#permission = new Permission({ folder, exclude: this.exclude, switchedOff, clocks });
    this.#indexer = new FolderIndexer({ folder, lm, clocks, log, onSavedText, permission: this.#permission });
    this.#untold = new UntoldChanges(folder.path, clocks);
    this.#reporter = new ReadingReporter({ folder, log, onProgress: options.onProgress, counts: () => this.#counts });
    const judging = { permission: this.#permission, indexer: this.#indexer };
    this.#keeper = new TrunkKeeper({
      lm,
      pace,
      store,
      clocks,
      folderId: folder.path,
      maxTokens: repository.maxTokens,
      maxReadMs: repository.maxReadMs,
      savesAtOnce: options.savesAtOnce,
      isSettled: (path) => this.#settlesInMs(path) <= 0,
      tokensOf: (link) => this.#tokensOf(link),
      judge: (files, access) => judge(files, judging, access),
      onRead: () => this.#reporter.report({ phase: "reading" }),
    });
    const parts = { ...judging, keeper: this.#keeper };
    this.#forgetting = new Forgetting(parts);
    this.#survey = new FolderSurvey({
      ...parts,
      folder,
      log,
      forgetting: this.#forgetting,
      pending: this.#pending,
      reporter: this.#reporter,
    });
    this.#trunkAccess = new TrunkAccess(this.#pending, (access) =>
      this.#survey.followChanges(access, (work) => this.#work("index", work)),
    );
  }

  get folder(): WorkspaceFolder {
    return this.options.folder;
  }

  /** The user's own patterns. */
  get exclude(): readonly string[] {
    const { folder, repository } = this.options;
    return folder.exclude ?? repository.exclude;
  }

  get index(): SourceIndex {
    return this.#indexer.index;
  }

  /** Files that may be read, as far as they are known by now. */
  get paths(): Iterable<string> {
    return this.#indexer.paths;
  }

  /** The file's name as the disk has it, which an editor may know by other letters: a checkout has renamed it, or who opened it. */
  storedName(path: string): string {
    return this.#indexer.listedName(path);
  }

  get trunk(): Trunk {
    return this.#keeper.trunk;
  }

  /** Undefined while the trunk still has to forget something. */
  get trunkState(): TrunkState | undefined {
    return this.#forgetting.concerns(this.trunk) ? undefined : this.#keeper.trunkState;
  }

  /** Nothing of what was read may be shown to a model just now. */
  get isUnsure(): boolean {
    return this.#permission.isUnsure;
  }

  /** Begins, or goes on when something has changed. */
  read(): void {
    this.#passes.begin();
  }

  /** As `read`, and any file may have changed. */
  lookAgain(): void {
    this.#pending.addAny();
    this.#trunkAccess.notify();
    this.read();
  }

  /** Resolves when there is nothing left to do for now. */
  async settled(): Promise<void> {
    await this.#passes.settled();
  }

  /** Absolute paths, of files or folders. Where they say that less may be read, that holds when it resolves. */
  async filesChanged(paths: readonly string[]): Promise<void> {
    this.#pending.add(paths);
    if (await this.#permission.rulesChanged(paths)) {
      this.#permission.markRulesOld();
      this.#passes.endForAnother("other files may be read now");
    }
    this.#trunkAccess.notify();
    this.read();
  }

  /** As `lookAgain`, if files may have changed without a word. @param told see UntoldChanges */
  async lookForUntold(told: ToldFolder | undefined): Promise<void> {
    if (await this.#untold.areLikely(told)) this.lookAgain();
  }

  /** The model reads no more; which files there are and what is in them is followed all the same. @param reason a sentence; undefined: go on */
  setPaused(reason: string | undefined): void {
    if (this.#trunkAccess.setPaused(reason)) this.read();
    else if (reason !== undefined && this.#reporter.progress.phase === "paused") this.#reportPause(reason);
  }

  /** A file that is switched off is forgotten at once, by the trunk too; switched on, it is read anew. Resolves as `settled`. */
  async setFileEnabled(path: string, isEnabled: boolean): Promise<void> {
    if (isEnabled) {
      this.#permission.switchOn(path);
      this.lookAgain();
    } else {
      this.#forgetting.switchOff(path);
      // The trunk may be about to read it, or to read others behind it, which would then be lost with it.
      this.#passes.endForAnother("a file was switched off");
      this.read();
    }
    await this.settled();
  }

  isSwitchedOff(path: string): boolean {
    return this.#permission.switchedOff.has(path);
  }

  /** Somebody has the file open. */
  noteOpen(path: string): void {
    // A large folder takes minutes to look into.
    if (this.index.get(path) === undefined) this.#indexer.lookSoonInto(path);
    // Of a file that has come from a cloud its disk need not report a change.
    if (this.index.noteOpened(path)) void this.filesChanged([join(this.folder.path, path)]);
  }

  /** See SourceIndex. */
  async useOpenText(path: string, text: string): Promise<boolean> {
    return this.index.useOpenText(this.#root, path, text);
  }

  async useSavedText(path: string): Promise<void> {
    // If it cannot be read now, a pass looks at it later, which has to be asked for: nothing else may begin one for long.
    if (!(await this.index.useSavedText(this.#root, path))) await this.filesChanged([join(this.folder.path, path)]);
  }

  /** Ends the pass under way. Resolves when nothing is read or saved; it is read on when what this gives is called. */
  async hold(): Promise<() => void> {
    this.#passes.endForAnother("states are removed or taken over");
    const letGo = await this.#passes.hold();
    return () => {
      letGo();
      this.read();
    };
  }

  /** For who holds it, and has changed what is saved: it is read on from that. */
  startAnew(): void {
    this.#keeper.startAnew();
    this.#pending.addAny();
  }

  report(): FolderReport {
    const { files } = this.trunk;
    const { maxTokens, maxReadMs } = this.options.repository;
    const { freshTokens, readTokens, isSaved, restoredMs } = this.#keeper;
    const wanted = this.#indexer.files;
    const isShort = maxReadMs !== undefined && freshTokens < maxTokens && sumOfTokens(wanted) > freshTokens;
    const tooLarge = reportTooLarge(files, wanted, freshTokens, freshTokens < maxTokens ? "time" : "setting");
    return {
      progress: this.#reporter.progress,
      files: reportFiles(files, this.index, this.#permission.switchedOff),
      ...(isShort && { allReadInMs: maxReadMs }),
      leftOut: { ...this.#indexer.leftOut, ...tooLarge },
      memoryTokens: this.index.memory.tokenCount,
      readTokens,
      isSaved,
      ...(restoredMs === undefined ? {} : { restoredMs }),
    };
  }

  /** Resolves when nothing is saved any more. */
  async dispose(): Promise<void> {
    await this.#passes.dispose();
  }

  get #root(): string {
    return this.#permission.rules?.root ?? this.folder.path;
  }

  /** One look at everything that may have changed, and what follows from it. */
  async #pass(): Promise<void> {
    await this.#untold.begin();
    await this.#work("index", (access) => this.#survey.learnWhatIsThere(access));
    this.#reporter.report({ phase: "reading" });
    const hasFailed = await this.#readOn();
    if (!hasFailed) this.#reporter.succeeded();
    this.#wakeWhenNeeded(hasFailed);
  }

  /** Returns whether the model has failed. */
  async #readOn(): Promise<boolean> {
    try {
      await this.#work("read", (access) => this.#keeper.read(this.#indexer.files, this.#trunkAccess.of(access)));
      this.#reporter.report({ phase: "done" });
    } catch (error) {
      if (error instanceof Paused) this.#reportPause(error.reason);
      else if (error instanceof Cancelled || error instanceof NotNow) throw error;
      else {
        this.#reporter.failed(couldNotReadOn(this.options, error as Error), "error", (error as Error).stack);
        return true;
      }
    }
    return false;
  }

  #reportPause(reason: string): void {
    this.#reporter.report({ phase: "paused", message: reason });
  }

  /** Ends with the pass under way. */
  async #work(priority: "index" | "read", work: (access: ModelAccess) => Promise<void>): Promise<void> {
    await this.options.background(priority, (access) => work(this.#passes.accessOf(access)));
  }

  /** 0 or less for a file that is not being edited. */
  #settlesInMs(path: string): number {
    const { clocks, settleMs, pace } = this.options;
    const file = this.index.get(path);
    if (file === undefined) return -Infinity;
    return file.changedAt + restMs(file.tokens, settleMs, pace.tokenMs) - clocks.elapsedMs();
  }

  async #tokensOf({ path, hash }: ChainLink): Promise<readonly TokenId[] | undefined> {
    const source = await this.index.sourceOf(this.#root, path);
    if (!("refused" in source) && source.hash === hash) return fileTokens(this.options.lm, path, source.text);
    if ("refused" in source && isPassing(source.refused)) {
      this.#indexer.missed(path);
      return undefined;
    }
    // It has changed since it was looked at: the next pass looks again.
    this.#pending.add([join(this.folder.path, path)]);
    // The next look finds no more of what has gone to a cloud: it is not asked for.
    if (!("refused" in source && source.refused === "notOnDisk")) this.#passes.want();
    return undefined;
  }

  /**
   * Begins a pass later, for files that are still being edited, and for what could not be read or saved.
   * @param hasFailed whether the model has failed, for whatever reason
   */
  #wakeWhenNeeded(hasFailed: boolean): void {
    const waitsMs: number[] = [];
    // Only files that the trunk has read can be out of date there; the others are new to it whenever it reads on.
    const outdated = this.trunk.files.filter(({ path, hash }) => this.index.get(path)?.hash !== hash);
    const settledInMs = outdated.map(({ path }) => this.#settlesInMs(path));
    const lookInMs = nextLookInMs(settledInMs, this.options.settleMs);
    if (lookInMs !== undefined) waitsMs.push(lookInMs);
    const unread = this.#indexer.takeUnread();
    this.#pending.add(unread.map((path) => join(this.options.folder.path, path)));
    // A trunk that is paused in the middle is saved once it has been read.
    const isUnsaved =
      this.options.store !== undefined && this.#reporter.progress.phase === "done" && !this.#keeper.isSaved;
    const { saveInMs } = this.#keeper;
    if (isUnsaved && saveInMs > 0) waitsMs.push(saveInMs + 1);
    // The disk may have been full.
    const couldNotSave = isUnsaved && saveInMs === 0;
    if (unread.length > 0 || hasFailed || couldNotSave) waitsMs.push(this.#passes.nextRetryMs());
    this.#passes.wakeAfter(...waitsMs);
  }

  get #counts(): ReadCounts {
    const filesRead = this.trunk.pathCount;
    return { filesRead, filesTotal: Math.max(this.index.fileCount, filesRead), tokens: this.trunk.tokens };
  }

  #fail(error: Error): void {
    if (!(error instanceof NotNow)) {
      this.#reporter.failed(couldNotBeRead(this.options.folder, error), "error", error.stack);
    } else if (!this.#passes.isDisposed) {
      this.#permission.markRulesOld();
      this.#reporter.failed(error.message, "warn");
      this.#passes.wakeAfter(this.#passes.nextRetryMs());
    }
  }
}

function couldNotReadOn({ folder, adviceOnFailure }: FolderReaderOptions, { message }: Error): string {
  // Some messages are whole sentences.
  const why = `The model could not read on in ${folder.name}: ${message.replace(/\.$/, "")}.`;
  return adviceOnFailure === undefined ? why : `${why} ${adviceOnFailure}`;
}
