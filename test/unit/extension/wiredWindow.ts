// A window with one document in front, in which the whole extension is wired: its engine, its time and its power are a test's.

import { resolve } from "node:path";
import * as vscode from "vscode";
import { deactivate, type GriffinApi, wire } from "../../../src/extension/main";
import type { HostMessage } from "../../../src/protocol/engine";
import { FakeClock, settled } from "../../support/fakeClock";
import { emptyReport, FakeEngineProcess, fakeSummary } from "../../support/fakeEngineProcess";
import { FakeLog } from "../../support/fakeLog";
import { fakeSecrets } from "../../support/fakeSecrets";
import { fakeStore } from "../../support/fakeStore";
import { FakeDocument, FakeWindow, FakeWorkspace, furnish } from "../../support/fakeVscode";
import { manifest } from "../../support/manifest";
import { nextCall } from "../../support/replaced";

/** What VS Code gives to an extension that begins. */
export function fakeContext(storage: string) {
  return {
    subscriptions: [] as vscode.Disposable[],
    // It answers, and never says hello.
    asAbsolutePath: () => resolve("test/support/engines/echo.cjs"),
    extensionUri: vscode.Uri.file("/extension"),
    globalStorageUri: vscode.Uri.file(storage),
    extension: { id: "griffin.griffin-code", packageJSON: manifest },
    extensionMode: undefined as vscode.ExtensionMode | undefined,
    workspaceState: fakeStore(),
    globalState: fakeStore(),
    secrets: fakeSecrets(),
  };
}

export class WiredWindow {
  readonly workspace: FakeWorkspace;
  readonly window = new FakeWindow();
  readonly document = oneLine("file:///work/a.py", "a");
  readonly editor = editorOf(this.document);
  /** How often the log was shown. */
  timesLogShown = 0;
  readonly log = Object.assign(new FakeLog(), { show: () => this.timesLogShown++, dispose() {} });
  readonly statusItem = { text: "", show() {}, dispose() {} };
  /** A first piece of information is shown. */
  readonly isInformed = nextCall(this.window, "showInformationMessage");
  readonly clock = new FakeClock();
  /** Those that were launched, in order. */
  readonly engines: LivelyEngine[] = [];
  readonly context;
  isOnBattery = false;
  looksAtBattery = 0;
  hasRoom = false;
  api!: GriffinApi;

  constructor(storage: string, folders: readonly string[]) {
    this.workspace = new FakeWorkspace(folders);
    this.context = fakeContext(storage);
    Object.assign(this.window, {
      createOutputChannel: () => this.log,
      createStatusBarItem: () => this.statusItem,
      withProgress: (_options: unknown, work: () => unknown) => work(),
    });
    furnish();
    this.workspace.open(this.document);
    this.window.activeTextEditor = this.editor;
  }

  async begin(): Promise<void> {
    this.api = wire(this.context as unknown as vscode.ExtensionContext, {
      clock: this.clock,
      launch: () => {
        this.engines.push(new LivelyEngine());
        return this.engine;
      },
      isOnBattery: async () => {
        this.looksAtBattery++;
        return this.isOnBattery;
      },
      hasRoomFor: async (loadedBytes) => this.hasRoom && loadedBytes === fakeSummary.residentBytes,
    });
    await settled();
  }

  async getReady(): Promise<void> {
    this.engine.getReady();
    await settled();
  }

  async end(): Promise<void> {
    await deactivate();
    for (const part of this.context.subscriptions) part.dispose();
  }

  /** The latest. */
  get engine(): LivelyEngine {
    return this.engines.at(-1)!;
  }

  /** The engine ends by itself, and the next one is ready. */
  async crash(): Promise<void> {
    this.engine.exit("signal SIGKILL");
    await this.clock.advance(0);
    await this.getReady();
  }

  told<T extends HostMessage["type"]>(type: T): (HostMessage & { readonly type: T })[] {
    return this.engine.received.filter((message) => message.type === type) as (HostMessage & { readonly type: T })[];
  }

  get said(): readonly string[] {
    return this.window.messages.map(({ text }) => text);
  }

  /** VS Code asks for a completion at the document's end. */
  ask(isInvoked = false): Promise<vscode.InlineCompletionItem[]> {
    const { Invoke, Automatic } = vscode.InlineCompletionTriggerKind;
    const context = { triggerKind: isInvoked ? Invoke : Automatic, selectedCompletionInfo: undefined };
    const token = { isCancellationRequested: false, onCancellationRequested: () => {} };
    const document = this.document as unknown as vscode.TextDocument;
    const parameters = [
      document,
      positionAt(this.length),
      context,
      token as unknown as vscode.CancellationToken,
    ] as const;
    return Promise.resolve(this.api.provider.provideInlineCompletionItems(...parameters));
  }

  /** VS Code asks, and the engine suggests this; absent: nothing. */
  async suggest(text?: string): Promise<void> {
    const asked = this.ask();
    await settled();
    if (text === undefined) this.engine.answerNothing();
    else this.engine.answer(text);
    await asked;
  }

  /** How often the engine is asked when VS Code asks next: not where the answer is known. */
  async requestsForNext(): Promise<number> {
    const before = this.engine.requests;
    void this.ask();
    await this.clock.advance(1000);
    return this.engine.requests - before;
  }

  /** The user types this at the document's end. */
  async type(inserted: string): Promise<void> {
    const offset = this.length;
    this.editor.selection.active = positionAt(offset);
    this.workspace.edit(this.document, { offset, deleted: 0, inserted });
    await settled();
  }

  private get length(): number {
    return this.document.getText().length;
  }
}

/** Answers whether it is there, and what it has read, unless it hangs. */
class LivelyEngine extends FakeEngineProcess {
  isHanging = false;

  override send(message: HostMessage): void {
    super.send(message);
    if (this.isHanging) return;
    if (message.type === "ping") queueMicrotask(() => this.say({ type: "pong", residentBytes: 1 }));
    if (message.type === "report") {
      const result = { type: "success", report: emptyReport } as const;
      queueMicrotask(() => this.say({ type: "result", of: "report", id: message.id, result }));
    }
  }
}

function oneLine(address: string, text: string): FakeDocument {
  const document = new FakeDocument(address, text);
  const lineAt = () => ({ text: document.getText(), range: { end: positionAt(document.getText().length) } });
  const offsetAt = ({ character }: { readonly character: number }) => character;
  return Object.assign(document, { lineAt, offsetAt, positionAt }) as unknown as FakeDocument;
}

export function positionAt(character: number): vscode.Position {
  const isEqual = (other: vscode.Position) => other.character === character;
  const translate = (_lines: number, characters: number) => positionAt(character + characters);
  return { line: 0, character, isEqual, translate } as unknown as vscode.Position;
}

/** With the cursor at the beginning, and the third line to the sixth in sight. */
function editorOf(document: FakeDocument) {
  const selection = { isEmpty: true, active: positionAt(0), isEqual: () => true };
  const visibleRanges = [{ start: { line: 2 }, end: { line: 5 } }];
  return { document, selection, selections: [selection], visibleRanges, options: { insertSpaces: false } };
}
