// Models that cannot be loaded although their files have the size and the hash that model.json names.

import assert from "node:assert/strict";
import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { loadLanguageModel } from "../../src/engine/loadLanguageModel";
import { fileFacts } from "../../src/engine/model/fileFacts";
import { buildModelGraph, loadOnProcessor, whyNotLoaded } from "../../src/engine/model/loadModel";
import { kindOfFault, type ModelFault } from "../../src/engine/model/modelFault";
import { readModelFolder } from "../../src/engine/model/modelFolder";
import { useEngines } from "../support/engineHarness";
import { useTemporaryFolder } from "../support/temporaryFolder";

const TINY = join("test", "fixtures", "tiny-griffin");
const WEIGHTS = "weights-00001-of-00001.safetensors";

describe("a damaged model", () => {
  const temporary = useTemporaryFolder();
  const engines = useEngines();
  let folder: string;
  beforeEach(async () => {
    folder = temporary("tiny");
    await cp(TINY, folder, { recursive: true });
  });

  /** Alters a file and says so in model.json. */
  async function alter(name: string, change: (bytes: Buffer) => Buffer): Promise<void> {
    const path = join(folder, name);
    await writeFile(path, change(await readFile(path)));
    await describeAnew((json) => ({ ...json, files: { ...(json.files as object) } }));
  }

  async function describeAnew(change: (json: Record<string, unknown>) => Record<string, unknown>): Promise<void> {
    const path = join(folder, "model.json");
    const json = change(JSON.parse(await readFile(path, "utf8")));
    const names = Object.keys(json.files as object);
    const files = await Promise.all(names.map(async (name) => [name, await fileFacts(join(folder, name))]));
    await writeFile(path, JSON.stringify({ ...json, files: Object.fromEntries(files) }));
  }

  function alterTokenizer(change: (json: Record<string, unknown>) => Record<string, unknown>): Promise<void> {
    return alter("tokenizer.json", (bytes) => Buffer.from(JSON.stringify(change(JSON.parse(bytes.toString())))));
  }

  function alterLayers(change: (layers: readonly object[]) => readonly object[]): Promise<void> {
    return describeAnew((json) => {
      const architecture = json.architecture as { layers: readonly object[] };
      return { ...json, architecture: { ...architecture, layers: change(architecture.layers) } };
    });
  }

  /** What is wrong with the model, and the sentence. */
  function fault(loading: Promise<unknown> = loadLanguageModel(folder, { threads: 1 })): Promise<string> {
    return loading.then(
      () => "nothing",
      ({ kind, message }: ModelFault) => `${kind}: ${message}`,
    );
  }

  it("is named with its folder: a header that is none", async () => {
    await alter(WEIGHTS, (bytes) => Buffer.concat([bytes.subarray(0, 8), Buffer.from("["), bytes.subarray(9)]));
    assert.match(
      await fault(),
      /^suspect: The model in .*tiny cannot be used: weights-00001.* its header is not a JSON object\.$/,
    );
  });

  it("is named with its folder: weights that lack a tensor", async () => {
    await alterLayers((layers) => [...layers, layers[0]!]);
    assert.match(await fault(), /^suspect: The model in .*tiny cannot be used: the weights lack the tensor ".+"\.$/);
  });

  it("is named with its folder: weights of more layers", async () => {
    await alterLayers((layers) => layers.slice(0, -1));
    assert.match(
      await fault(),
      /^suspect: The model in .*tiny cannot be used: the weights hold ".+", which .* does not use\.$/,
    );
  });

  it("is told from one whose disk does not answer any more", async () => {
    const about = await readModelFolder(folder);
    await rm(join(folder, WEIGHTS));
    assert.match(
      await fault(buildModelGraph(about)),
      /^undefined: .*weights-00001\S+ cannot be read \(ENOENT\)\. Is its disk still connected\?$/,
    );
  });

  it("is named with its folder: a graph that onnxruntime does not load", async () => {
    const load = loadOnProcessor(await readModelFolder(folder), Buffer.from("no graph"), { threads: 1 });
    assert.match(await fault(load), /^suspect: onnxruntime cannot load the model in .*tiny: .*[^.]\.$/);
  });

  it("is told from one that is too large", async () => {
    const about = await readModelFolder(folder);
    for (const words of [
      "std::bad_alloc",
      "bad allocation",
      "Failed to allocate memory for requested buffer of size 9",
    ])
      assert.deepEqual(kindOfFault(whyNotLoaded(about, new Error(words))), { fault: "noMemory" });
  });

  it("is told from a system that lets no more threads be started", async () => {
    const about = await readModelFolder(folder);
    const words =
      "env.cc:251 PosixThread(const char*, int) pthread_create failed, error code: 11 error msg: Resource temporarily unavailable";
    const why = whyNotLoaded(about, new Error(words));
    assert.deepEqual(kindOfFault(why), {});
    assert.match(
      why.message,
      /^This system lets no more threads be started, and .* needs some\. Close other programs, or raise /,
    );
  });

  for (const [what, change, words] of [
    [
      "no added tokens",
      ({ added_tokens: _, ...json }: Record<string, unknown>) => json,
      "it has no list of added tokens",
    ],
    ["a part that the library does not know", (json: object) => ({ ...json, normalizer: { type: "None" } }), ".+"],
  ] as const) {
    it(`says what is wrong with a tokenizer with ${what}`, async () => {
      await alterTokenizer(change);
      const sentence = `^damagedTokenizer: The tokenizer in .*tiny cannot be used: ${words}\\.$`;
      assert.match(await fault(), new RegExp(sentence));
    });
  }

  it("does not end the engine's process before it has said what is wrong", async () => {
    await alterTokenizer(({ added_tokens: _, ...json }) => json);
    const engine = engines.fork();
    engine.start(folder);
    assert.match((await engine.next("failed")).message, /it has no list of added tokens/);
  });
});
