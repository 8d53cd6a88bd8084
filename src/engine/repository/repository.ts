// What the engine knows of the workspace: a reader for each folder, and the switches of what completions may draw on.

import { join } from "node:path";
import { type Clocks, MACHINE_CLOCKS } from "../../machine/clocks";
import { inTime } from "../../machine/inTime";
import type {
  ClearedStates,
  ContextReport,
  ContextSource,
  ImportedState,
  LogLevel,
  ReadingProgress,
  RepositorySettings,
  TextEdit,
  ToldFolder,
  Workspace,
  WorkspaceFolder,
} from "../../protocol/engine";
import { normalizeLineEnds } from "../../text/lines";
import { ExactMemory } from "../exactMemory/exactMemory";
import { insideOf } from "../files/insideOf";
import type { Refusal } from "../files/refusal";
import { pathOfUri, UNNAMED } from "../fileUri";
import type { LanguageModel } from "../model/languageModel";
import { ReadingPace } from "../readingPace";
import { MOST_BYTES } from "../snippets/snippetIndex";
import { modelKey } from "../stateStore/keys";
import { StateStore } from "../stateStore/stateStore";
import { type Background, FolderReader } from "./folderReader";
import { FolderRefusals, type JudgedFolder } from "./folderRefusals";
import { obeyingNested } from "./nestedFolders";
import type { DocumentOffer, FolderOffer } from "./offer";
import { type ReadableFolder, readableFolder } from "./readableFolder";
import { exportState, importState } from "./stateTransfer";

export interface RepositoryOptions {
  readonly lm: LanguageModel;
  readonly background: Background;
  readonly onProgress: (progress: ReadingProgress) => void;
  readonly log: (level: LogLevel, message: string) => void;
  /** What to do when the model could not read on, which it tries again by itself: a sentence. */
  readonly adviceOnFailure?: string;
  /** A file's saved text counts now, whatever `useOpenText` told of it; absolute. */
  readonly onSavedText?: (path: string) => void;
  /** See TrunkKeeperOptions. */
  readonly savesAtOnce?: boolean;
  /** The one that times the runs of `lm`, where they are timed. */
  readonly pace?: ReadingPace;
  readonly clocks?: Clocks;
  /** A file that changed less than this ago is still being edited. */
  readonly settleMs?: number;
  /** After this it is tried again to read rules that could not be read; then after twice as long, and so on. */
  readonly retryMs?: number;
  /** Saved states are removed without waiting longer for a folder, whose disk may never answer. */
  readonly clearingPatienceMs?: number;
}

/** Where a document lies. */
interface Place {
  readonly reader: FolderReader;
  readonly path: string;
}

const SETTLE_MS = 30_000;
const RETRY_MS = 3_000;
/** Longer than a state takes to be saved. */
const CLEARING_PATIENCE_MS = 10_000;

export class Repository {
  #readers: readonly FolderReader[] = [];
  /**
   * By folder: the end of closed readers, which may still be saving. A folder on a disk that does not answer holds up no other.
   */
  readonly #closings = new Map<string, Promise<unknown>>();
  /** Also where no more is to be kept: what was saved before is cleared. */
  #store: StateStore | undefined;
  /** What was told last. */
  #told: Workspace | undefined;
  #pauseReason: string | undefined;
  readonly #enabled = { trunk: true, snippets: true, memory: true };
  readonly #pace: ReadingPace;
  readonly #noFiles = new ExactMemory();

  constructor(private readonly options: RepositoryOptions) {
    this.#pace = options.pace ?? new ReadingPace(options.lm, options.clocks);
  }

  /**
   * Reads what `workspace` names, and nothing else any more. A folder that is read already stays as it is, and is looked
   * through for changes. Resolves when it has been read.
   */
  async open({ switchedOff = [], ...workspace }: Workspace): Promise<void> {
    for (const { kind } of switchedOff) if (kind !== "file") this.#enabled[kind] = false;
    // The host tells it again whenever something may have changed; a reader that is at work goes on when nothing has.
    const told = this.#told;
    if (isSame(workspace, told)) return;
    this.#told = workspace;
    const { stateFolder, repository } = workspace;
    const folders = obeyingNested(workspace.folders, repository.exclude);
    const hasOldSettings = isSame([stateFolder, repository], [told?.stateFolder, told?.repository]);
    const clearing = hasOldSettings ? undefined : this.#startUnder(workspace);
    const before = this.#readers;
    const wanted = repository.read ? folders.filter(({ isRead }) => isRead !== false) : [];
    const kept = wanted.map((folder) => before.find((reader) => isSame(reader.folder, folder)));
    // First, as a new one of the same folder waits until what the old one saves is saved.
    this.#dispose(before.filter((reader) => !kept.includes(reader)));
    this.#readers = wanted.map((folder, index) => kept[index] ?? this.#newReader(folder, repository, switchedOff));
    // What other folders take is not there for this one.
    for (const { index } of this.#readers) index.snippets.limit(MOST_BYTES / this.#readers.length);
    for (const reader of this.#readers) reader.lookAgain();
    await Promise.all([clearing, this.settled()]);
  }

  /** Resolves when there is nothing left to read for now. */
  async settled(): Promise<void> {
    await Promise.all(this.#readers.map((reader) => reader.settled()));
  }

  /** Resolves when nothing is saved any more. */
  async close(): Promise<void> {
    this.#dispose(this.#readers);
    this.#readers = [];
    await this.#closed();
  }

  /** What there is for the document: outside of the folders that are read, and where nobody is sure, no file's text. */
  offerFor(uri: string): DocumentOffer {
    const own = this.#enabled.memory ? { memory: this.#noFiles } : {};
    const place = this.#locate(uri);
    if (place === undefined) return own;
    const { reader, path } = place;
    return { folder: reader.folder.path, path, ...(this.#offerOf(reader) ?? own) };
  }

  /** Every folder that is read, as questions see it; the one of the document `near` first. */
  folders(near?: string): ReadableFolder[] {
    const nearest = near === undefined ? undefined : this.#locate(near)?.reader;
    const readers = nearest ? [nearest, ...this.#readers.filter((reader) => reader !== nearest)] : this.#readers;
    return readers.flatMap((reader) => {
      const offer = this.#offerOf(reader);
      return offer ? [readableFolder(reader, offer)] : [];
    });
  }

  /**
   * Says for one question why a file of a folder that `folders` does not name may not be shown to a model either. Each folder's
   * rules are read once, and its disk is waited for once.
   */
  refusalsElsewhere(): (folder: string, path: string) => Promise<Refusal | undefined> {
    const known = new Map<string, FolderRefusals>();
    return async (folder, path) => {
      const reader = this.#readerOf(folder);
      if (reader?.isUnsure) return "unsure";
      const refusals = known.get(folder) ?? new FolderRefusals(reader ?? this.#notRead(folder));
      known.set(folder, refusals);
      return refusals.inTime(path);
    };
  }

  /** Absolute paths. Resolves when it is known whether they say that less may be read; what follows may take hours. */
  async filesChanged(paths: readonly string[]): Promise<void> {
    const mine = (root: string) => paths.filter((path) => insideOf(root, path) !== undefined);
    await Promise.all(
      this.#readers.map(async (reader) => {
        const changed = mine(reader.folder.path);
        if (changed.length > 0) await reader.filesChanged(changed);
      }),
    );
  }

  /** Looks at what may have changed without a word. @param told what watchers have told of since this was asked last */
  async lookForUntold(told: readonly ToldFolder[]): Promise<void> {
    const toldOf = ({ folder }: FolderReader) => told.find(({ path }) => path === folder.path);
    await Promise.all(this.#readers.map((reader) => reader.lookForUntold(toldOf(reader))));
  }

  /** Lines of an open document that the user looks at; 1-based, inclusive. */
  recordView(uri: string, startLine: number, endLine: number): void {
    const place = this.#locate(uri);
    place?.reader.noteOpen(place.path);
    place?.reader.index.snippets.recordView(place.path, startLine - 1, endLine);
  }

  /** Edits of an open document, each of the text that the one before has made. @param text before the first */
  recordEdits(uri: string, text: string, edits: readonly TextEdit[]): void {
    const place = this.#locate(uri);
    place?.reader.index.snippets.recordEdits(place.path, text, edits);
  }

  /** An open document's text counts in place of the saved one. @returns whether its file is known */
  async useOpenText(uri: string, text: string): Promise<boolean> {
    const place = this.#locate(uri);
    place?.reader.noteOpen(place.path);
    // What is not known is asked for again and again, and may be large.
    if (place?.reader.index.get(place.path) === undefined) return false;
    return place.reader.useOpenText(place.path, normalizeLineEnds(text));
  }

  /** The document is closed. */
  async useSavedText(uri: string): Promise<void> {
    const place = this.#locate(uri);
    await place?.reader.useSavedText(place.path);
  }

  /** The model's speed is known anew: there may be time for more. */
  speedLearned(): void {
    for (const reader of this.#readers) reader.read();
  }

  /** Pauses the model's reading. @param reason a sentence; undefined: go on */
  setPaused(reason: string | undefined): void {
    this.#pauseReason = reason;
    for (const reader of this.#readers) reader.setPaused(reason);
  }

  async setEnabled(source: ContextSource, isEnabled: boolean): Promise<void> {
    if (source.kind !== "file") this.#enabled[source.kind] = isEnabled;
    else {
      await Promise.all(
        this.#readers.map(async (reader) => {
          const path = pathOf(source, reader.folder);
          if (path) await reader.setFileEnabled(path, isEnabled);
        }),
      );
    }
  }

  /**
   * Takes over a state that was made elsewhere, and reads on from there. Throws a sentence that says why not.
   * @returns what it has read
   */
  async importState(folder: string, file: string): Promise<ImportedState> {
    return importState(this.#keeping, this.#readerOf(folder), file);
  }

  /** Writes the state of `folder` to `file`, for `importState` elsewhere. Throws a sentence that says why not. */
  async exportState(folder: string, file: string): Promise<void> {
    await exportState(this.#store, this.#readerOf(folder), folder, file);
  }

  /**
   * Removes saved states and reads anew.
   * @param folders those of these alone, whether they are read now or not; absent: every state
   */
  async clear(folders?: readonly string[]): Promise<ClearedStates> {
    const store = this.#store;
    const isMeant = (folder: string) => folders?.includes(folder) ?? true;
    let clearing: Promise<ClearedStates> | undefined;
    const held: (() => void)[] = [];
    // No reader saves anything while the states are removed.
    const readers = this.#readers.filter(({ folder }) => isMeant(folder.path));
    const holds = readers.map(async (reader) => {
      const letGo = await reader.hold();
      const readAnew = () => {
        reader.startAnew();
        letGo();
      };
      if (clearing === undefined) held.push(readAnew);
      // Its disk has answered too late: what it was saving came there after the others had gone.
      else await clearing.then(() => store?.clear([reader.folder.path])).finally(readAnew);
    });
    await this.#inTime([this.#closed(isMeant), ...holds]);
    clearing = store?.clear(folders) ?? Promise.resolve({ bytes: 0 });
    try {
      return await clearing;
    } finally {
      for (const readAnew of held) readAnew();
    }
  }

  report(): Omit<ContextReport, "completion" | "residentBytes"> {
    return { folders: this.#readers.map((reader) => reader.report()) };
  }

  /** Undefined where nobody can say just now what may be shown. */
  #offerOf(reader: FolderReader): FolderOffer | undefined {
    const { trunk, trunkState, index, isUnsure } = reader;
    if (isUnsure) return undefined;
    const { snippets, memory } = index;
    return {
      ...(this.#enabled.trunk && trunk.files.length > 0 && trunkState ? { trunk: trunkState } : {}),
      ...(this.#enabled.snippets ? { snippets } : {}),
      ...(this.#enabled.memory ? { memory } : {}),
    };
  }

  /** Other settings than before hold for everything: then all is read anew. */
  #startUnder({ stateFolder, repository }: Workspace): Promise<unknown> | undefined {
    void this.close();
    const { lm, log } = this.options;
    const model = { key: modelKey(lm.about), name: lm.about.name, emptyState: lm.model.emptyState };
    this.#store =
      stateFolder === undefined
        ? undefined
        : new StateStore({ folder: stateFolder, model, budgetBytes: repository.stateBudgetBytes, log });
    // No room on the disk is meant for what is there, too.
    return this.#keeping === undefined ? this.#clearOnceClosed() : undefined;
  }

  /** The store, if states are kept in it. */
  get #keeping(): StateStore | undefined {
    return (this.#told?.repository.stateBudgetBytes ?? 0) > 0 ? this.#store : undefined;
  }

  async #clearOnceClosed(): Promise<void> {
    const store = this.#store;
    const closed = this.#closed();
    const isClosed = await this.#inTime([closed]);
    await store?.clear();
    if (isClosed) return;
    // What their disks have held back they may have saved after all.
    void closed.then(() => (this.#keeping === undefined ? store?.clear() : undefined));
  }

  /** Resolves when no reader is saving that is closed by now. One that is closed later may wait for whoever waits here. */
  #closed(isMeant: (folder: string) => boolean = () => true): Promise<unknown> {
    return Promise.all([...this.#closings].filter(([folder]) => isMeant(folder)).map(([, closing]) => closing));
  }

  /** Whether all of these have come to their end before patience has. */
  #inTime(ends: readonly Promise<unknown>[]): Promise<boolean> {
    const { clearingPatienceMs = CLEARING_PATIENCE_MS } = this.options;
    const all = Promise.all(ends).then(() => true);
    return inTime(all, clearingPatienceMs, () => false);
  }

  #dispose(readers: readonly FolderReader[]): void {
    for (const reader of readers) {
      const { path } = reader.folder;
      this.#closings.set(path, Promise.all([this.#closings.get(path), reader.dispose()]));
    }
  }

  #newReader(
    folder: WorkspaceFolder,
    repository: RepositorySettings,
    switchedOff: readonly ContextSource[],
  ): FolderReader {
    const { clocks = MACHINE_CLOCKS, settleMs = SETTLE_MS, retryMs = RETRY_MS } = this.options;
    const store = this.#keeping;
    const reader = new FolderReader({
      ...this.options,
      pace: this.#pace,
      folder,
      repository,
      switchedOff: switchedOff.flatMap((source) => (source.kind === "file" && pathOf(source, folder)) || []),
      store,
      clocks,
      settleMs,
      retryMs,
      after: this.#closings.get(folder.path) ?? Promise.resolve(),
    });
    reader.setPaused(this.#pauseReason);
    return reader;
  }

  /**
   * Its rules are weaker than those of a folder that is read: they do not know what is switched off, for example. Where the
   * user does not want the folder to be read, or does not trust it, no program is run: git's own settings are not asked.
   */
  #notRead(folder: string): JudgedFolder {
    const told = this.#told?.folders.find(({ path }) => path === folder);
    return {
      folder: { path: folder },
      exclude: told?.exclude ?? this.#told?.repository.exclude ?? [],
      isSwitchedOff: () => false,
      globalExcludesPath: "",
    };
  }

  #readerOf(folder: string): FolderReader | undefined {
    return this.#readers.find((reader) => reader.folder.path === folder);
  }

  #locate(uri: string): Place | undefined {
    const file = pathOfUri(uri);
    if (file === undefined) {
      // What has no name yet will most probably lie in the only folder there is.
      const only = uri.startsWith("untitled:") && this.#readers.length === 1 ? this.#readers[0] : undefined;
      return only && { reader: only, path: UNNAMED };
    }
    // Of nested folders, the inner one, also where that is not read.
    const [innermost] = (this.#told?.folders ?? [])
      .flatMap((folder) => {
        const path = insideOf(folder.path, file);
        return path ? [{ folder, path }] : [];
      })
      .sort((a, b) => b.folder.path.length - a.folder.path.length);
    const reader = innermost && this.#readerOf(innermost.folder.path);
    return reader && { reader, path: reader.storedName(innermost.path) };
  }
}

/** The path in `folder` of a file that the user may have switched in another one: of nested folders, each has it. */
function pathOf(file: Extract<ContextSource, { kind: "file" }>, { path }: WorkspaceFolder): string | undefined {
  return file.folder === path ? file.path : insideOf(path, join(file.folder, file.path));
}

/** As they are sent: what is undefined is absent. */
function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
