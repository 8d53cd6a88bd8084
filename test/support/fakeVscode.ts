// A workspace of folders, documents and notebooks, and a window's messages, without an editor, in the place of the module `vscode`:
// as much as follows edits, files and settings, and as much as the chat needs. To be imported before what imports `vscode`.

import assert from "node:assert/strict";
import Module from "node:module";
import type * as vscode from "vscode";
import { applyEdits, type TextEdit } from "../../src/text/edit";
import { declaredSettings } from "./manifest";

/** An event, and VS Code's emitter of one. */
export class FakeEvent<T> {
  readonly #listeners = new Set<(value: T) => void>();

  readonly subscribe = (listener: (value: T) => void) => {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  };
  readonly event = this.subscribe;

  fire(value: T): void {
    for (const listener of this.#listeners) listener(value);
  }

  dispose(): void {
    this.#listeners.clear();
  }
}

/** Files of a folder. */
class FakeRelativePattern {
  constructor(readonly base: vscode.Uri) {}
}

/** A piece of text in a question from VS Code's own chat, or in the answer to it. */
export class FakeTextPart {
  constructor(readonly value: string) {}
}

/** A tab that shows two documents side by side. */
export class FakeTextDiff {
  constructor(
    readonly original: vscode.Uri,
    readonly modified: vscode.Uri,
  ) {}
}

export class FakeRange {
  constructor(
    readonly start: unknown,
    readonly end: unknown,
  ) {}
}

export const CHAT_ROLES = { User: 1, Assistant: 2 };

/** A position is an offset: see `at`. */
export class FakeDocument {
  version = 1;
  languageId = "python";
  readonly uri: vscode.Uri;
  readonly lineCount = 1;

  constructor(
    address: string,
    private text: string,
  ) {
    this.uri = uriOf(address);
  }

  getText = (within?: vscode.Range) => this.text.slice(within?.start.character ?? 0, within?.end.character);
  offsetAt = (position: unknown) => position as number;
  positionAt = at;
  lineAt = () => ({ range: { end: this.text.length } });

  change(edits: readonly TextEdit[]): void {
    this.text = applyEdits(this.text, edits);
    this.version++;
  }
}

export class FakeNotebook {
  readonly uri: vscode.Uri;
  cells: { readonly kind: number; readonly document: FakeDocument }[];

  constructor(address: string, texts: readonly string[]) {
    this.uri = uriOf(address);
    this.cells = texts.map((text) => codeCell(text));
  }

  getCells = () => this.cells;
}

export function codeCell(text: string) {
  return { kind: KINDS.Code, document: new FakeDocument("vscode-notebook-cell:cell", text) };
}

export function markdownCell(text: string) {
  return { kind: KINDS.Markup, document: new FakeDocument("vscode-notebook-cell:cell", text) };
}

export function at(offset: number): vscode.Position {
  return offset as unknown as vscode.Position;
}

/** The level of settings between the user's and a folder's. */
export const OF_WORKSPACE = "workspace";

/** A document, or an address with a language or without. */
interface SettingsScope {
  readonly uri?: vscode.Uri;
  readonly languageId?: string;
}

/** What is open, and what happens to it as VS Code tells it. */
export class FakeWorkspace {
  readonly textDocuments: FakeDocument[] = [];
  readonly notebookDocuments: FakeNotebook[] = [];
  readonly #opened = new FakeEvent<FakeDocument>();
  readonly #changed = new FakeEvent<unknown>();
  readonly #closed = new FakeEvent<FakeDocument>();
  readonly #notebookOpened = new FakeEvent<FakeNotebook>();
  readonly #notebookChanged = new FakeEvent<unknown>();
  readonly #notebookClosed = new FakeEvent<FakeNotebook>();
  readonly #written = new FakeEvent<vscode.Uri>();
  readonly #saved = new FakeEvent<FakeDocument>();
  readonly #notebookSaved = new FakeEvent<FakeNotebook>();
  readonly #created = new FakeEvent<unknown>();
  readonly #deleted = new FakeEvent<unknown>();
  readonly #renamed = new FakeEvent<unknown>();
  readonly #configured = new FakeEvent<unknown>();
  readonly #foldersChanged = new FakeEvent<unknown>();
  readonly #trusted = new FakeEvent<void>();
  readonly #settings = new Map<string, unknown>();
  workspaceFolders: readonly vscode.WorkspaceFolder[];
  isTrusted = true;
  /** Addresses of directories; whatever else is there is a file. */
  readonly directories = new Set<string>();

  readonly onDidOpenTextDocument = this.#opened.subscribe;
  readonly onDidChangeTextDocument = this.#changed.subscribe;
  readonly onDidCloseTextDocument = this.#closed.subscribe;
  readonly onDidOpenNotebookDocument = this.#notebookOpened.subscribe;
  readonly onDidChangeNotebookDocument = this.#notebookChanged.subscribe;
  readonly onDidCloseNotebookDocument = this.#notebookClosed.subscribe;
  readonly onDidSaveTextDocument = this.#saved.subscribe;
  readonly onDidSaveNotebookDocument = this.#notebookSaved.subscribe;
  readonly onDidCreateFiles = this.#created.subscribe;
  readonly onDidDeleteFiles = this.#deleted.subscribe;
  readonly onDidRenameFiles = this.#renamed.subscribe;
  readonly onDidChangeConfiguration = this.#configured.subscribe;
  readonly onDidChangeWorkspaceFolders = this.#foldersChanged.subscribe;
  readonly onDidGrantWorkspaceTrust = this.#trusted.subscribe;
  readonly registerTextDocumentContentProvider = registered;
  readonly fs = {
    /** Files, and one virtual file system of two. */
    isWritableFileSystem: (scheme: string) => ({ file: true, "vscode-vfs": true, git: false })[scheme],
    stat: async (uri: vscode.Uri) => ({ type: this.directories.has(uri.toString()) ? 2 : 1 }),
  };
  /** Of a disk that tells nothing by itself. */
  readonly createFileSystemWatcher = ({ base }: FakeRelativePattern) => ({
    ...{ onDidCreate: registered, onDidDelete: registered },
    onDidChange: (listener: (uri: vscode.Uri) => void) =>
      this.#written.subscribe((uri) => uri.toString().startsWith(`${base}/`) && listener(uri)),
    ...registered(),
  });

  /** Makes this workspace the one that `vscode` has. */
  constructor(folders: readonly string[] = []) {
    this.workspaceFolders = folders.map(folderOf);
    FAKE.workspace = this;
  }

  getWorkspaceFolder = (uri: vscode.Uri) =>
    this.workspaceFolders.find((folder) => uri.toString().startsWith(`${folder.uri}/`));

  /** As VS Code does it in a window of one folder. */
  asRelativePath = (uri: vscode.Uri) => {
    const folder = this.getWorkspaceFolder(uri);
    return folder === undefined ? uri.path : uri.path.slice(folder.uri.path.length + 1);
  };

  getConfiguration = (section?: string, scope?: SettingsScope) => {
    const wholeName = (name: string) => (section === undefined ? name : `${section}.${name}`);
    const folder = this.#folderOf(scope);
    const inspect = (name: string) => {
      const setting = wholeName(name);
      return {
        defaultValue: declaredSettings[setting]?.default,
        globalValue: this.#settings.get(setting),
        workspaceValue: this.#settings.get(`${OF_WORKSPACE} ${setting}`),
        workspaceFolderValue: this.#settings.get(`${folder} ${setting}`),
        globalLanguageValue: this.#settings.get(`[${scope?.languageId}]${setting}`),
      };
    };
    return {
      inspect,
      get: (name: string) => behindProxy(Object.values(inspect(name)).reduce(overridden)),
      update: async (name: string, value: unknown, target: number) => {
        const levels = {
          [TARGETS.Global]: undefined,
          [TARGETS.Workspace]: OF_WORKSPACE,
          [TARGETS.WorkspaceFolder]: folder,
        };
        if (!(target in levels)) throw new Error(`Where is ${name} to be written?`);
        if (target === TARGETS.WorkspaceFolder && folder === undefined) throw new Error(`${name} is in no folder.`);
        this.set(wholeName(name), value, levels[target]);
      },
    };
  };

  /**
   * @param setting its whole name; `[python]griffin.completion.trigger` is for one language
   * @param level `OF_WORKSPACE`, or a folder by its address; absent: the user's settings say it
   */
  set(setting: string, value: unknown, level?: string): void {
    this.#settings.set(level === undefined ? setting : `${level} ${setting}`, value);
    this.#configured.fire({ affectsConfiguration: (section: string) => `${setting}.`.startsWith(`${section}.`) });
  }

  #folderOf(scope: SettingsScope | undefined): string | undefined {
    const uri = scope?.uri ?? scope;
    return this.workspaceFolders.find((folder) => `${uri}/`.startsWith(`${folder.uri}/`))?.uri.toString();
  }

  addFolder(address: string): void {
    this.workspaceFolders = [...this.workspaceFolders, folderOf(address, this.workspaceFolders.length)];
    this.#foldersChanged.fire({});
  }

  grantTrust(): void {
    this.isTrusted = true;
    this.#trusted.fire();
  }

  save(address: string): void {
    this.#saved.fire(new FakeDocument(address, ""));
  }

  saveNotebook(address: string): void {
    this.#notebookSaved.fire(new FakeNotebook(address, []));
  }

  /** Another program writes to the file, and a watcher sees it. */
  write(address: string): void {
    this.#written.fire(uriOf(address));
  }

  create(...addresses: readonly string[]): void {
    this.#created.fire({ files: addresses.map(uriOf) });
  }

  delete(...addresses: readonly string[]): void {
    this.#deleted.fire({ files: addresses.map(uriOf) });
  }

  rename(from: string, to: string): void {
    this.#renamed.fire({ files: [{ oldUri: uriOf(from), newUri: uriOf(to) }] });
  }

  open(document: FakeDocument): FakeDocument {
    this.textDocuments.push(document);
    this.#opened.fire(document);
    return document;
  }

  /** Each edit applies to the result of the one before it. */
  edit(document: FakeDocument, ...edits: readonly TextEdit[]): void {
    document.change(edits);
    this.tell(document, edits);
  }

  /** Only tells what was done. */
  tell(document: FakeDocument, edits: readonly TextEdit[]): void {
    const contentChanges = edits.map(({ offset, deleted, inserted }) => {
      const range = { start: document.positionAt(offset) };
      return { rangeOffset: offset, rangeLength: deleted, text: inserted, range };
    });
    this.#changed.fire({ document, contentChanges });
  }

  close(document: FakeDocument): void {
    this.textDocuments.splice(this.textDocuments.indexOf(document), 1);
    this.#closed.fire(document);
  }

  /** As VS Code tells that a document has another language. */
  changeLanguage(document: FakeDocument, languageId = document.languageId): void {
    this.#closed.fire(document);
    document.languageId = languageId;
    this.#opened.fire(document);
  }

  openNotebook(notebook: FakeNotebook): FakeNotebook {
    this.notebookDocuments.push(notebook);
    this.#notebookOpened.fire(notebook);
    return notebook;
  }

  setCells(notebook: FakeNotebook, cells: FakeNotebook["cells"]): void {
    notebook.cells = cells;
    this.#notebookChanged.fire({ notebook, contentChanges: [{}] });
  }

  closeNotebook(notebook: FakeNotebook): void {
    this.notebookDocuments.splice(this.notebookDocuments.indexOf(notebook), 1);
    this.#notebookClosed.fire(notebook);
  }
}

/** What was asked of VS Code: the command and its parameters. */
export const executedCommands: unknown[][] = [];

/** The ids of what is installed and enabled besides. */
export const otherExtensions = new Set<string>();

/** Who is signed in where: the accounts by their provider. Of another provider nothing can be asked. */
export const accounts = new Map<string, readonly object[]>();
const signedInOrOut = new FakeEvent<unknown>();

/** Somebody signs in, or out. */
export function signIn(provider: string, isIn: boolean): void {
  accounts.set(provider, isIn ? [{}] : []);
  signedInOrOut.fire({ provider: { id: provider } });
}

/** What each command that was registered does. */
export const registeredCommands = new Map<string, (...parameters: unknown[]) => unknown>();

/** What completions are registered for, in the order in which they were. */
export const registeredFilters: vscode.DocumentFilter[] = [];

/** How a sentence must not begin, unless with a name of the user's: that of a file and that of a model in the tests are such words. */
const SMALL_WORD_FIRST = /^Griffin: (?!config |torn )[a-z]+ /;

/** What the window says, until the user chooses one of its buttons, or none. */
export class FakeWindow {
  readonly messages: {
    readonly text: string;
    readonly buttons: readonly unknown[];
    readonly choose: (button?: string) => void;
  }[] = [];
  activeTextEditor: { readonly document: FakeDocument; readonly selection?: object } | undefined;
  state = { focused: true };
  readonly #focused = new FakeEvent<unknown>();
  readonly onDidChangeWindowState = this.#focused.subscribe;
  readonly #moved = new FakeEvent<unknown>();
  readonly onDidChangeTextEditorSelection = this.#moved.subscribe;
  readonly #changed = new FakeEvent<unknown>();
  readonly onDidChangeActiveTextEditor = this.#changed.subscribe;
  readonly tabGroups = { all: [], close: async () => true };

  readonly showInformationMessage = (text: string, ...buttons: readonly unknown[]) => {
    assert.doesNotMatch(text, SMALL_WORD_FIRST);
    return new Promise<string | undefined>((choose) => this.messages.push({ text, buttons, choose }));
  };
  readonly showErrorMessage = this.showInformationMessage;
  readonly setStatusBarMessage = this.showInformationMessage;
  readonly showWarningMessage = this.showInformationMessage;
  /** The addresses that the system was asked to open. */
  readonly openedOutside: string[] = [];
  /** What "copy" has put there. */
  clipboard = "";

  /** Another editor comes to the front, with the cursor at its beginning. */
  show(document: FakeDocument): void {
    this.activeTextEditor = { document, selection: { isEmpty: true } };
    this.#changed.fire(this.activeTextEditor);
  }

  /** The window gets the keyboard, or loses it. */
  focus(focused: boolean): void {
    this.state = { focused };
    this.#focused.fire(this.state);
  }

  /**
   * The cursor goes somewhere, or stays: what the editor says of it is the test's to say.
   * @param isByUser false: VS Code does so by itself, as where an editor is opened again
   */
  moveCursor(textEditor: { readonly selection?: object } | undefined = this.activeTextEditor, isByUser = true): void {
    const selections = [textEditor?.selection];
    this.#moved.fire({ textEditor, selections, kind: isByUser ? SELECTION_KINDS.Keyboard : undefined });
  }

  /** A program, or a command, takes the cursor somewhere. */
  moveCursorByCommand(): void {
    const textEditor = this.activeTextEditor;
    this.#moved.fire({ textEditor, selections: [textEditor?.selection], kind: SELECTION_KINDS.Command });
  }

  /** The cursor goes to where the user clicks. */
  click(): void {
    const textEditor = this.activeTextEditor;
    this.#moved.fire({ textEditor, selections: [textEditor?.selection], kind: SELECTION_KINDS.Mouse });
  }

  /** Shows a document in which everything is selected. */
  selectAll(document: FakeDocument): void {
    this.selectFrom(document, 0);
  }

  /** The same with everything from there on. */
  selectFrom(document: FakeDocument, offset: number): void {
    const [start, end] = [offset, document.getText().length].map((character) => ({ line: 0, character }));
    this.activeTextEditor = { document, selection: { isEmpty: false, start, end } };
  }

  /** Makes this window the one that `vscode` has. */
  constructor() {
    FAKE.window = this;
    FAKE.env = {
      openExternal: async (uri: vscode.Uri) => this.openedOutside.push(uri.toString()),
      clipboard: {
        writeText: async (text: string) => {
          this.clipboard = text;
        },
      },
    };
  }
}

/** Puts `ANYTHING` wherever the present window and workspace have nothing: enough for the whole extension to begin. */
export function furnish(): void {
  for (const part of ["window", "workspace"]) {
    FAKE[part] = new Proxy(FAKE[part] as object, {
      get: (target, name) => (name in target ? target[name as never] : ANYTHING),
    });
  }
}

/** What no test looks at. Whatever is asked of it, called or made with it is the same again. */
const ANYTHING: unknown = new Proxy(class {}, {
  get: (target, name) => (typeof name === "symbol" || name === "prototype" ? target[name as never] : ANYTHING),
  set: () => true,
  apply: () => ANYTHING,
  construct: () => ANYTHING as object,
});

const SELECTION_KINDS = { Keyboard: 1, Mouse: 2, Command: 3 };
const TARGETS = { Global: 1, Workspace: 2, WorkspaceFolder: 3 };
const KINDS = { Markup: 1, Code: 2 };
// Whoever imports it sees the keys that are there from the beginning.
const FAKE: Record<string, unknown> = {
  ...{ workspace: undefined, window: undefined, env: {} },
  NotebookCellKind: KINDS,
  FileType: { File: 1, Directory: 2 },
  QuickPickItemKind: { Separator: -1 },
  TreeItem: class {},
  TreeItemCollapsibleState: { None: 0, Collapsed: 1, Expanded: 2 },
  TreeItemCheckboxState: { Unchecked: 0, Checked: 1 },
  TextEditorSelectionChangeKind: SELECTION_KINDS,
  InlineCompletionTriggerKind: { Invoke: 0, Automatic: 1 },
  ConfigurationTarget: TARGETS,
  ProgressLocation: {},
  RelativePattern: FakeRelativePattern,
  Position: class {},
  Range: FakeRange,
  TabInputTextDiff: FakeTextDiff,
  /** Of one document. */
  WorkspaceEdit: class {
    readonly made: TextEdit[] = [];
    replace(_uri: vscode.Uri, { start, end }: { start: number; end: number }, inserted: string): void {
      this.made.push({ offset: start, deleted: end - start, inserted });
    }
  },
  EventEmitter: FakeEvent,
  LanguageModelTextPart: FakeTextPart,
  LanguageModelChatMessageRole: CHAT_ROLES,
  Uri: {
    file: (path: string) => uriOf(`file://${path}`),
    parse: uriOf,
    joinPath: (uri: vscode.Uri, ...names: string[]) => uriOf([uri, ...names].join("/")),
  },
  extensions: {
    all: [],
    getExtension: (id: string) => (otherExtensions.has(id) ? {} : undefined),
    onDidChange: registered,
  },
  authentication: {
    getAccounts: async (provider: string) => {
      const found = accounts.get(provider);
      if (found === undefined)
        throw new Error(`Timed out waiting for authentication provider '${provider}' to register.`);
      return found;
    },
    onDidChangeSessions: signedInOrOut.subscribe,
  },
  languages: {
    registerInlineCompletionItemProvider(filter: vscode.DocumentFilter) {
      registeredFilters.push(filter);
      return { dispose: () => registeredFilters.splice(registeredFilters.indexOf(filter), 1) };
    },
  },
  commands: {
    registerCommand(id: string, run: (...parameters: unknown[]) => unknown) {
      registeredCommands.set(id, run);
      return registered();
    },
    executeCommand: async (...call: unknown[]) => executedCommands.push(call),
  },
  ...{
    ExtensionKind: ANYTHING,
    ExtensionMode: ANYTHING,
    StatusBarAlignment: ANYTHING,
    ThemeColor: ANYTHING,
    ThemeIcon: ANYTHING,
    MarkdownString: ANYTHING,
  },
};

const loader = Module as unknown as { _load: (name: string, ...rest: unknown[]) => unknown };
const load = loader._load;
loader._load = (name, ...rest) => (name === "vscode" ? FAKE : load(name, ...rest));

function registered(): vscode.Disposable {
  return { dispose: () => {} };
}

/** As VS Code gives settings: what is an object can be read, and not be sent to another process as it is. */
function behindProxy(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  return new Proxy(value, { get: (object, name) => behindProxy(Reflect.get(object, name)) });
}

/** As VS Code does it: tables of several levels are put together, and of all else the innermost holds. */
function overridden(outer: unknown, inner: unknown): unknown {
  if (inner === undefined) return outer;
  return isTable(outer) && isTable(inner) ? { ...outer, ...inner } : inner;
}

function isTable(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function folderOf(address: string, index: number): vscode.WorkspaceFolder {
  return { uri: uriOf(address), name: address, index };
}

function uriOf(address: string): vscode.Uri {
  const [scheme, path] = address.split(/:(?:\/\/)?/, 2);
  const moved = ({ scheme, query = "" }: { readonly scheme: string; readonly query?: string }) =>
    uriOf(`${scheme}://${path}${query === "" ? "" : `?${query}`}`);
  return { scheme, path, fsPath: path, with: moved, toString: () => address } as unknown as vscode.Uri;
}
