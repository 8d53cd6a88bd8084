// Models that cannot be loaded although their files have the size and the hash that model.json names.

import assert from "node:assert/strict";
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { loadLanguageModel } from "../../src/engine/loadLanguageModel";
import { fileFacts } from "../../src/engine/model/fileFacts";
import { loadOnProcessor, whyNotLoaded } from "../../src/engine/model/loadModel";
import { readModelFolder } from "../../src/engine/model/modelFolder";
import { EngineHarness } from "../support/engineHarness";
import { useTemporaryFolder } from "../support/temporaryFolder";

const TINY = join("test", "fixtures", "tiny-griffin");
const WEIGHTS = "weights-00001-of-00001.safetensors";
const CHECK =
  /Run "Griffin: Check a Model's Files" or `griffin doctor`, then "Griffin: Repair a Model", or convert the model again\.$/;

describe("a damaged model", () => {
  const temporary = useTemporaryFolder();
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

  async function fault(): Promise<string> {
    let message = "";
    await assert.rejects(loadLanguageModel(folder, { threads: 1 }), (error: Error) => {
      message = error.message;
      return true;
    });
    return message;
  }

  it("is named with its folder and what to do: a header that is none", async () => {
    await alter(WEIGHTS, (bytes) => Buffer.concat([bytes.subarray(0, 8), Buffer.from("["), bytes.subarray(9)]));
    const message = await fault();
    assert.match(message, /^The model in .*tiny cannot be used: weights-00001.* its header is not a JSON object\. /);
    assert.match(message, CHECK);
  });

  it("is named with its folder and what to do: weights that lack a tensor", async () => {
    await alterLayers((layers) => [...layers, layers[0]!]);
    const message = await fault();
    assert.match(message, /^The model in .*tiny cannot be used: the weights lack the tensor ".+"\. /);
    assert.match(message, CHECK);
  });

  it("is named with its folder and what to do: weights of more layers", async () => {
    await alterLayers((layers) => layers.slice(0, -1));
    const message = await fault();
    assert.match(message, /^The model in .*tiny cannot be used: the weights hold ".+", which .* does not use\. /);
    assert.match(message, CHECK);
  });

  it("is named with its folder and what to do: a graph that onnxruntime does not load", async () => {
    const load = loadOnProcessor(await readModelFolder(folder), Buffer.from("no graph"), { threads: 1 });
    await assert.rejects(load, ({ message }: Error) => {
      assert.match(message, /^onnxruntime cannot load the model in .*tiny: .*[^.]\. Run/);
      assert.match(message, CHECK);
      return true;
    });
  });

  it("is told from one that is too large", async () => {
    const about = await readModelFolder(folder);
    for (const words of [
      "std::bad_alloc",
      "bad allocation",
      "Failed to allocate memory for requested buffer of size 9",
    ])
      assert.match(whyNotLoaded(about, words), /^Random weights for tests needs more memory .* choose a smaller model/);
  });

  for (const [what, change, words] of [
    [
      "no added tokens",
      ({ added_tokens: _, ...json }: Record<string, unknown>) => json,
      "it has no list of added tokens",
    ],
    ["a part that the library does not know", (json: object) => ({ ...json, normalizer: { type: "None" } }), ".+"],
  ] as const) {
    it(`says what to do about a tokenizer with ${what}`, async () => {
      await alterTokenizer(change);
      const sentence = `^The tokenizer in .*tiny cannot be used: ${words}\\. Run "Griffin: Repair a Model", or convert the model again\\.$`;
      assert.match(await fault(), new RegExp(sentence));
    });
  }

  it("does not end the engine's process before it has said what is wrong", async () => {
    await alterTokenizer(({ added_tokens: _, ...json }) => json);
    const engine = EngineHarness.fork();
    try {
      engine.start(folder);
      assert.match((await engine.next("failed")).message, /it has no list of added tokens/);
    } finally {
      await engine.stop();
    }
  });
});
