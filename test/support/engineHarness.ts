// The engine's real process, as the extension forks it, with what it says collected.

import { join } from "node:path";
import { type EngineProcess, forkEngine } from "../../src/extension/engineProcess/engineProcess";
import {
  type EngineMessage,
  type HostMessage,
  PROTOCOL_VERSION,
  type RequestMessage,
  type Requests,
  type RequestType,
  type ResultOf,
} from "../../src/protocol/engine";
import { FakeLog } from "./fakeLog";

export const BUNDLED_MODEL = join("models", "griffin-code-small");
/** Where any model will do: it is loaded in no time. */
export const TINY_MODEL = join("test", "fixtures", "tiny-griffin");

/** Less than a test may take, so that what is waited for is named. */
const PATIENCE_MS = 45_000;
/** So much of what an engine said last is told with what went wrong. */
const LAST_WORDS = 20;

/** A request that was sent. */
export interface Asked<T extends RequestType> {
  readonly id: number;
  /** Waits for its result. */
  result(): Promise<ResultOf<T>>;
}

/** Engines that end with the test that forked them, or with the suite, however it ends. */
export function useEngines(of: "each test" | "all tests" = "each test") {
  const engines: EngineHarness[] = [];
  const endAll = async () => {
    await Promise.all(engines.splice(0).map((engine) => engine.stop()));
  };
  of === "each test" ? afterEach(endAll) : after(endAll);
  /** Forks the engine without starting it. */
  const fork = (): EngineHarness => {
    const engine = new EngineHarness();
    engines.push(engine);
    return engine;
  };
  /** Forks the engine and brings it to `ready` with a model. */
  const start = async (modelFolder = BUNDLED_MODEL): Promise<EngineHarness> => {
    const engine = fork();
    engine.start(modelFolder);
    await engine.next("ready");
    return engine;
  };
  return { fork, start };
}

export class EngineHarness {
  readonly messages: EngineMessage[] = [];
  readonly #process: EngineProcess;
  readonly #log = new FakeLog();
  readonly #listeners = new Set<() => void>();
  #exit: string | undefined;
  #lastId = 0;

  constructor() {
    this.#process = forkEngine(join("dist", "engine.js"), this.#log);
    this.#process.onMessage((message) => {
      this.messages.push(message);
      this.#notify();
    });
    this.#process.onExit((reason) => {
      this.#exit = reason;
      this.#notify();
    });
  }

  get pid(): number {
    return this.#process.pid!;
  }

  start(modelFolder: string, protocolVersion = PROTOCOL_VERSION): void {
    this.send({ type: "start", protocolVersion, modelFolder, options: { threads: 0 } });
  }

  send(message: HostMessage): void {
    this.#process.send(message);
  }

  /** Sends a request, under an id that no other one has. */
  ask<T extends RequestType>(type: T, asked: Requests[T]["asked"]): Asked<T> {
    const id = ++this.#lastId;
    this.send({ type, id, ...asked } as RequestMessage);
    const isItsResult = (message: EngineMessage & { type: "result" }) => message.of === type && message.id === id;
    return {
      id,
      result: async () => (await this.next("result", isItsResult, `the result of ${type} ${id}`)).result as ResultOf<T>,
    };
  }

  /** Waits for the first message of a type that `matches`, also among those that have come already. */
  async next<T extends EngineMessage["type"]>(
    type: T,
    matches: (message: EngineMessage & { type: T }) => boolean = () => true,
    what = `a message "${type}"`,
  ): Promise<EngineMessage & { type: T }> {
    return this.#until(what, () =>
      this.messages.find(
        (message): message is EngineMessage & { type: T } => message.type === type && matches(message as never),
      ),
    );
  }

  isAnswered({ id }: Asked<RequestType>): boolean {
    return this.messages.some((message) => message.type === "result" && message.id === id);
  }

  /** Resolves with how the process has ended. */
  async exited(): Promise<string> {
    return this.#until("its end", () => this.#exit);
  }

  /** Ends the process, for the end of a test. */
  async stop(): Promise<void> {
    if (this.#exit !== undefined) return;
    this.#process.killAtOnce();
    await this.exited();
  }

  #until<R>(what: string, find: () => R | undefined): Promise<R> {
    return new Promise((resolve, reject) => {
      const end = (act: () => void) => {
        clearTimeout(deadline);
        this.#listeners.delete(look);
        act();
      };
      const fail = (why: string) => end(() => reject(new Error(`${why} while ${what} was waited for${this.#told()}`)));
      const look = () => {
        const found = find();
        if (found !== undefined) end(() => resolve(found));
        else if (this.#exit !== undefined) fail(`The engine ended (${this.#exit})`);
      };
      const deadline = setTimeout(() => fail(`${PATIENCE_MS} ms went by`), PATIENCE_MS);
      this.#listeners.add(look);
      look();
    });
  }

  /** What it has told last, and what it wrote. */
  #told(): string {
    const types = this.messages.slice(-LAST_WORDS).map(({ type }) => type);
    return [`; its last messages: ${types.join(", ")}`, ...this.#log.lines.slice(-LAST_WORDS)].join("\n");
  }

  #notify(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
