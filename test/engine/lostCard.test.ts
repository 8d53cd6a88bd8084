// The engine with a model on a graphics card, for which the processor stands in, until its device is lost.

import assert from "node:assert/strict";
import * as ort from "onnxruntime-node";
import { readModelFolder } from "../../src/engine/model/modelFolder";
import { otherProviders, RUNTIME_VERSION } from "../../src/engine/model/onnxRuntime";
import { Tokenizer } from "../../src/engine/model/tokenizer";
import { EngineServer } from "../../src/engine/server";
import { type ProviderFinding, TuningFile, tuningKey } from "../../src/engine/tuning/tuningFile";
import { type EngineMessage, PROTOCOL_VERSION } from "../../src/protocol/engine";
import { useTemporaryFolder } from "../support/temporaryFolder";
import { TINY, tuningIn } from "../support/tinyTuning";

const URI = "file:///sample.py";

describe("an engine on a graphics card", () => {
  const { create } = ort.InferenceSession;
  const { load } = Tokenizer;
  const [provider] = otherProviders();
  const folder = useTemporaryFolder();
  let onCard: ort.InferenceSession[];
  let said: EngineMessage[];

  beforeEach(async function () {
    if (provider === undefined) this.skip();
    onCard = [];
    said = [];
    const onProcessor = async (graph: Uint8Array, options: ort.InferenceSession.SessionOptions) => {
      const session = await create.call(ort.InferenceSession, graph, { ...options, executionProviders: ["cpu"] });
      if (options.executionProviders?.[0] === provider) onCard.push(session);
      return session;
    };
    ort.InferenceSession.create = onProcessor as typeof create;
    const found = { verdict: "faster", detail: "" } as const;
    const known = { threads: 1, tokenMs: 5, providers: { [provider!]: found } };
    const key = tuningKey(await readModelFolder(TINY), RUNTIME_VERSION, 0);
    await new TuningFile(folder("tuning.json")).set(key, known);
  });
  afterEach(async () => {
    ort.InferenceSession.create = create;
    Tokenizer.load = load;
  });

  it("ends when the device is lost, so that the next one begins with a new device, and says so", async () => {
    const { server, code } = await started();
    onCard[0]!.run = () => Promise.reject(new Error("DXGI_ERROR_DEVICE_REMOVED"));
    complete(server);
    assert.equal(await code, 1);
    const log = said.flatMap((message) => (message.type === "log" && message.level === "error" ? [message] : []))[0];
    assert.match(log!.message, /graphics card does not run the model .* starts again: DXGI_ERROR_DEVICE_REMOVED/);
    assert.equal((await finding())?.unfinishedBy, process.pid);
  });

  it("ends when the card computes what is no number, and leaves the card", async () => {
    const { server, code } = await started();
    const [session] = onCard;
    const run = session!.run.bind(session);
    session!.run = async (feeds: ort.InferenceSession.FeedsType) => {
      const results = await run(feeds);
      (results.logits!.data as Float32Array).fill(Number.NaN);
      return results;
    };
    complete(server);
    assert.equal(await code, 1);
    assert.equal((await finding())?.verdict, "failed", "the next engine would take it again");
  });

  it("leaves no blame on the card when it ends as it was told to", async () => {
    const { server, code } = await started();
    complete(server);
    assert.equal((await finding())?.unfinishedBy, process.pid);
    server.receive({ type: "shutdown" });
    server.receive({ type: "shutdown" });
    assert.equal(await code, 0);
    assert.deepEqual(await finding(), { verdict: "faster", detail: "" });
  });

  it("leaves no blame on the card when what is loaded after the model is faulty", async () => {
    Tokenizer.load = () => Promise.reject(new Error("This is no tokenizer."));
    await started();
    assert.deepEqual(said.at(-1), { type: "failed", message: "This is no tokenizer." });
    assert.deepEqual(await finding(), { verdict: "faster", detail: "" });
  });

  async function started() {
    let end = (_: number) => {};
    const code = new Promise<number>((resolve) => {
      end = resolve;
    });
    let ready = () => {};
    const isReady = new Promise<void>((resolve) => {
      ready = resolve;
    });
    const server = new EngineServer(
      (message, whenSent) => {
        said.push(message);
        if (message.type === "ready" || message.type === "failed") ready();
        whenSent?.();
      },
      (ended) => end(ended),
    );
    const options = { threads: 0, tuningFolder: folder() };
    server.receive({ type: "start", protocolVersion: PROTOCOL_VERSION, modelFolder: TINY, options });
    await isReady;
    assert.equal(onCard.length, 1, "the model is on the card");
    return { server, code };
  }

  function complete(server: EngineServer): void {
    server.receive({ type: "open", uri: URI, version: 1, languageId: "python", text: "def add(a, b):\n    return" });
    const extent = { multiline: false, maxTokens: 4 };
    const params = { uri: URI, version: 1, offset: 25, trigger: "automatic", extent } as const;
    server.receive({ type: "complete", id: 1, params });
  }

  async function finding(): Promise<ProviderFinding | undefined> {
    return (await tuningIn(folder())).findings[provider!];
  }
});
