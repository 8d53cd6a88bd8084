// The engine's real process, as the extension forks it, with what it says collected.

import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import {
  type EngineMessage,
  type HostMessage,
  PROTOCOL_VERSION,
  type RequestType,
  type ResultOf,
} from "../../src/protocol/engine";

export const BUNDLED_MODEL = join("models", "griffin-code-small");
/** Where any model will do: it is loaded in no time. */
export const TINY_MODEL = join("test", "fixtures", "tiny-griffin");

export class EngineHarness {
  readonly messages: EngineMessage[] = [];
  readonly #listeners = new Set<() => void>();
  exitCode: number | null | undefined;

  private constructor(readonly process: ChildProcess) {
    process.on("message", (message) => {
      this.messages.push(message as EngineMessage);
      this.#notify();
    });
    process.on("exit", (code) => {
      this.exitCode = code;
      this.#notify();
    });
  }

  /** Forks the engine without starting it. */
  static fork(): EngineHarness {
    return new EngineHarness(fork(join("dist", "engine.js"), [], { serialization: "advanced", silent: true }));
  }

  /** Forks the engine and brings it to `ready` with a model. */
  static async start(modelFolder = BUNDLED_MODEL): Promise<EngineHarness> {
    const engine = EngineHarness.fork();
    engine.start(modelFolder);
    await engine.next("ready");
    return engine;
  }

  start(modelFolder: string, protocolVersion = PROTOCOL_VERSION): void {
    this.send({ type: "start", protocolVersion, modelFolder, options: { threads: 0 } });
  }

  send(message: HostMessage): void {
    this.process.send(message);
  }

  /** Waits for the first message of a type that `matches`, also among those that have come already. */
  async next<T extends EngineMessage["type"]>(
    type: T,
    matches: (message: EngineMessage & { type: T }) => boolean = () => true,
  ): Promise<EngineMessage & { type: T }> {
    return this.#until(() =>
      this.messages.find(
        (message): message is EngineMessage & { type: T } => message.type === type && matches(message as never),
      ),
    );
  }

  /** Waits for a request's result. */
  async result<T extends RequestType>(of: T, id: number): Promise<ResultOf<T>> {
    const { result } = await this.next("result", (message) => message.of === of && message.id === id);
    return result as ResultOf<T>;
  }

  /** The requests that have been answered, in the order of their results. */
  get answered(): number[] {
    return this.messages.flatMap((message) => (message.type === "result" ? message.id : []));
  }

  async exited(): Promise<number | null> {
    await this.#until(() => (this.exitCode === undefined ? undefined : true));
    return this.exitCode ?? null;
  }

  /** Ends the process, for the end of a test. */
  async stop(): Promise<void> {
    if (this.exitCode !== undefined) return;
    this.process.kill("SIGKILL");
    await this.exited();
  }

  #until<R>(find: () => R | undefined): Promise<R> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = find();
        if (found !== undefined) resolve(found);
        else if (this.exitCode !== undefined) reject(new Error(`The engine has exited with ${this.exitCode}`));
        else return;
        this.#listeners.delete(look);
      };
      this.#listeners.add(look);
      look();
    });
  }

  #notify(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
