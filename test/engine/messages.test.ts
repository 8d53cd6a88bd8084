// What each message of the host brings about in an engine that has loaded a model, in this process.

import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { Completer } from "../../src/engine/completion/completer";
import { EngineServer } from "../../src/engine/server";
import {
  type CompleteParams,
  type ContextReport,
  type EngineMessage,
  type HostMessage,
  PROTOCOL_VERSION,
  type RequestMessage,
  type Requests,
  type RequestType,
  type ResultOf,
} from "../../src/protocol/engine";
import { TINY_MODEL } from "../support/engineHarness";
import { withReplaced } from "../support/replaced";
import { useTemporaryFolder, writeFiles } from "../support/temporaryFolder";

const PRINTED = Array.from({ length: 30 }, (_, side) => `print(area(${side}, ${side}), circumference(${side}))`);
const FILES = {
  "shapes.py": "def area(width, height):\n    return width * height\n",
  "circles.py": `def circumference(radius):\n    return 2 * 3 * radius\n${PRINTED.join("\n")}\n`,
  "main.py": "from shapes import area\nfrom circles import circumference\n\nprint(area(2, 3), circumference(4))\n",
};
const OPEN = { version: 1, languageId: "python", path: "main.py", text: `${FILES["main.py"]}print(area(` };

/** An engine, what it has said, and a folder of three files. */
class Engine {
  readonly said: EngineMessage[] = [];
  exitCode: number | undefined;
  private wake = () => {};
  private lastId = 0;
  private readonly server = new EngineServer(
    (message) => {
      this.said.push(message);
      this.wake();
    },
    (code) => {
      this.exitCode = code;
      this.wake();
    },
  );

  constructor(
    readonly folder: string,
    readonly states: string,
  ) {}

  get uri(): string {
    return this.uriOf("main.py");
  }

  uriOf(path: string): string {
    return pathToFileURL(`${this.folder}/${path}`).href;
  }

  send(message: HostMessage): void {
    this.server.receive(message);
  }

  /** Waits until `find` finds something. */
  async until<T>(find: () => T | undefined): Promise<T> {
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  /** Waits for the first such message. */
  async next<T extends EngineMessage["type"]>(
    type: T,
    matches: (message: EngineMessage & { type: T }) => boolean = () => true,
  ): Promise<EngineMessage & { type: T }> {
    return this.until(() =>
      this.said.find((message): message is EngineMessage & { type: T } => {
        return message.type === type && matches(message as EngineMessage & { type: T });
      }),
    );
  }

  async ask<T extends RequestType>(type: T, asked: Requests[T]["asked"]): Promise<ResultOf<T>> {
    const id = ++this.lastId;
    this.send({ type, id, ...asked } as RequestMessage);
    const { result } = await this.next("result", (message) => message.id === id);
    return result as ResultOf<T>;
  }

  async load(): Promise<void> {
    this.send({ type: "start", protocolVersion: PROTOCOL_VERSION, modelFolder: TINY_MODEL, options: { threads: 1 } });
    await this.next("ready");
  }

  open(): void {
    this.send({ type: "open", uri: this.uri, ...OPEN });
  }

  /** With the document open, which lies in it. */
  openFolder(): void {
    this.open();
    const repository = { read: true, exclude: [], maxTokens: 10_000, stateBudgetBytes: 2 ** 30 };
    const folders = [{ name: "work", path: this.folder }];
    this.send({ type: "workspace", folders, repository, stateFolder: this.states });
  }

  async isRead(): Promise<void> {
    await this.next("reading", ({ progress }) => progress.phase === "done");
  }

  params(): CompleteParams {
    return { uri: this.uri, version: 1, offset: OPEN.text.length, trigger: "invoke", extent: EXTENT };
  }

  complete(): Promise<ResultOf<"complete">> {
    return this.ask("complete", { params: this.params() });
  }

  async foundFiles(query = "", limit = 10): Promise<readonly string[]> {
    const result = await this.ask("findFiles", { query, limit });
    assert.ok(result.type === "success");
    return result.files.map(({ name }) => name);
  }

  async report(): Promise<ContextReport> {
    const result = await this.ask("report", {});
    assert.ok(result.type === "success");
    return result.report;
  }
}

const EXTENT = { multiline: false, maxTokens: 8 };
const QUESTION = {
  turns: [{ role: "user", text: "What does area do?" }],
  useRepository: true,
  attachments: [],
} as const;

interface Message {
  /** The folder is open, and read. Else nothing is open. */
  readonly isRead?: true;
  /** Sends it, and looks at what comes of it. */
  readonly find: (engine: Engine) => unknown;
  readonly finds: unknown;
}

/** The compiler asks for a row for each message that is new. */
const MESSAGES: Readonly<Record<HostMessage["type"], Message>> = {
  start: {
    find: async (engine) => (await engine.next("ready")).model.name,
    finds: "tiny-griffin",
  },
  open: {
    async find(engine) {
      engine.open();
      return why(await engine.complete());
    },
    finds: "nothing worth showing",
  },
  change: {
    async find(engine) {
      engine.open();
      engine.send({ type: "change", uri: engine.uri, version: 2, edits: [{ offset: 0, deleted: 0, inserted: "#\n" }] });
      return why(await engine.complete());
    },
    finds: "the engine has version 2 of the document, not 1",
  },
  close: {
    async find(engine) {
      engine.open();
      engine.send({ type: "close", uri: engine.uri });
      return why(await engine.complete());
    },
    finds: "the document is not open in the engine",
  },
  workspace: {
    isRead: true,
    find: async (engine) => (await engine.report()).folders.map(({ files }) => inOrder(files.map(({ path }) => path))),
    finds: [Object.keys(FILES).sort()],
  },
  filesChanged: {
    isRead: true,
    async find(engine) {
      await writeFiles(engine.folder, { ".griffinignore": "shapes.py" });
      engine.send({ type: "filesChanged", paths: [`${engine.folder}/.griffinignore`] });
      await engine.next("reading", ({ progress }) => progress.filesTotal === 2);
      return engine.foundFiles();
    },
    finds: ["main.py", "circles.py"],
  },
  cameBack: {
    isRead: true,
    async find(engine) {
      await writeFiles(engine.folder, { "pulled.py": "x = 1\n", ".git/HEAD": "ref: refs/heads/main\n" });
      engine.send({ type: "cameBack", told: [] });
      await engine.next("reading", ({ progress }) => progress.filesTotal === 4);
      return (await engine.foundFiles()).includes("pulled.py");
    },
    finds: true,
  },
  viewed: {
    isRead: true,
    async find(engine) {
      engine.send({ type: "viewed", uri: engine.uriOf("circles.py"), startLine: 20, endLine: 22 });
      await engine.complete();
      const { snippets } = (await engine.report()).completion!;
      const viewed = snippets.filter(({ reason }) => reason === "recently viewed");
      return viewed.map(({ path, startLine, endLine }) => [path, startLine, endLine]);
    },
    // With six lines around.
    finds: [["circles.py", 14, 28]],
  },
  pauseReading: {
    async find(engine) {
      engine.send({ type: "pauseReading", reason: "You paused it." });
      engine.openFolder();
      const { progress } = await engine.next("reading", ({ progress }) => progress.phase === "paused");
      engine.send({ type: "pauseReading", reason: undefined });
      await engine.isRead();
      return progress.message;
    },
    finds: "You paused it.",
  },
  useSource: {
    isRead: true,
    async find(engine) {
      await engine.complete();
      const { completion: before } = await engine.report();
      engine.send({ type: "useSource", source: { kind: "trunk" }, isEnabled: false });
      await engine.complete();
      const { completion } = await engine.report();
      return [before?.base.choice, completion?.base.reason];
    },
    finds: ["trunk", "No state of the repository is in use."],
  },
  complete: {
    isRead: true,
    async find(engine) {
      await engine.complete();
      const { completion } = await engine.report();
      return [completion?.path, inOrder(completion?.snippets.map(({ path }) => path))];
    },
    finds: ["main.py", ["circles.py", "shapes.py"]],
  },
  alternatives: {
    isRead: true,
    async find(engine) {
      const result = await engine.ask("alternatives", { params: engine.params(), withinMs: 60_000 });
      return result.type === "success" && result.texts.length > 0;
    },
    finds: true,
  },
  chat: {
    isRead: true,
    async find(engine) {
      const result = await engine.ask("chat", { params: { ...QUESTION, maxTokens: 4 } });
      const { findings } = await engine.next("chatFindings");
      return [result.type, inOrder(findings.sources.map(({ name }) => name))];
    },
    finds: ["success", Object.keys(FILES).sort()],
  },
  chatMessages: {
    isRead: true,
    async find(engine) {
      const result = await engine.ask("chatMessages", { question: QUESTION });
      return result.type === "success" && inOrder(result.grounds.sources.map(({ name }) => name));
    },
    finds: Object.keys(FILES).sort(),
  },
  checkCitations: {
    isRead: true,
    async find(engine) {
      const result = await engine.ask("checkCitations", { answer: "See shapes.py:2 and gone.py:1." });
      return result.type === "success" && result.citations.map(({ text, startLine }) => [text, startLine]);
    },
    finds: [["shapes.py:2", 2]],
  },
  findFiles: {
    isRead: true,
    async find(engine) {
      return [await engine.foundFiles("circ"), await engine.foundFiles("", 2)];
    },
    finds: [["circles.py"], ["main.py", "shapes.py"]],
  },
  findDefinitions: {
    find: (engine) =>
      engine.ask("findDefinitions", { path: "shapes.py", languageId: "python", text: FILES["shapes.py"] }),
    finds: { type: "success", definitions: [{ name: "area", startLine: 1, endLine: 2 }] },
  },
  countTokens: {
    find: (engine) => engine.ask("countTokens", { text: FILES["shapes.py"] }),
    finds: { type: "success", count: 51 },
  },
  report: {
    find: async (engine) => (await engine.report()).folders,
    finds: [],
  },
  clearStates: {
    isRead: true,
    async find(engine) {
      const result = await engine.ask("clearStates", {});
      return result.type === "success" && result.bytes > 0;
    },
    finds: true,
  },
  importState: {
    isRead: true,
    async find(engine) {
      const result = await engine.ask("importState", { folder: engine.folder, file: "/gone.state" });
      return result.type === "failed" && result.message;
    },
    finds: "The state /gone.state cannot be imported: ENOENT: no such file or directory, open '/gone.state'.",
  },
  cancel: {
    async find(engine) {
      const asked = engine.ask("chat", { params: { ...QUESTION, maxTokens: 400 } });
      engine.send({ type: "cancel", id: 1 });
      return (await asked).type;
    },
    finds: "cancelled",
  },
  hurry: {
    async find(engine) {
      engine.open();
      engine.send({ type: "chat", id: 10, params: { ...QUESTION, maxTokens: 400 } });
      engine.send({ type: "complete", id: 11, params: { ...engine.params(), isSpeculative: true } });
      engine.send({ type: "hurry", id: 11 });
      const first = await engine.next("result");
      engine.send({ type: "cancel", id: 10 });
      return first.of;
    },
    // And not the chat before it.
    finds: "complete",
  },
  prepare: {
    async find(engine) {
      engine.open();
      const prepared: unknown[] = [];
      const prepare: Completer["prepare"] = async ({ uri }, offset) => void prepared.push(uri === engine.uri, offset);
      await withReplaced(Completer.prototype, { prepare }, async () => {
        engine.send({ type: "prepare", uri: engine.uri, version: 1, offset: 5 });
        await engine.report();
      });
      return prepared;
    },
    finds: [true, 5],
  },
  ping: {
    async find(engine) {
      engine.send({ type: "ping" });
      return (await engine.next("pong")).type;
    },
    finds: "pong",
  },
  shutdown: {
    find(engine) {
      engine.send({ type: "shutdown" });
      return engine.until(() => engine.exitCode);
    },
    finds: 0,
  },
};

describe("an engine is sent", () => {
  const folder = useTemporaryFolder();
  let engine: Engine;
  afterEach(async () => {
    engine.send({ type: "shutdown" });
    await engine.until(() => engine.exitCode);
  });

  for (const [type, { isRead, find, finds }] of Object.entries(MESSAGES)) {
    it(type, async () => {
      await writeFiles(folder("work"), FILES);
      engine = new Engine(folder("work"), folder("states"));
      await engine.load();
      if (isRead) {
        engine.openFolder();
        await engine.isRead();
      }
      assert.deepEqual(await find(engine), finds);
    });
  }
});

function why(result: ResultOf<"complete">): string {
  return "reason" in result ? result.reason : result.type;
}

/** Each once: what comes first is not the messages' matter. */
function inOrder(names: readonly string[] = []): readonly string[] {
  return [...new Set(names)].sort();
}
