// A folder as `google/recurrentgemma-…` on the hub: config.json, two or more shards with their index, the tokenizer.

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parseCheckpointConfig } from "../../src/engine/convert/config";
import { expectedTensors } from "../../src/engine/convert/tensors";
import { TOKENIZER_FILE } from "../../src/engine/model/modelFolder";
import { configText, hubConfig, isSize } from "./config";
import { padTokenizer } from "./tokenizer";
import { writeShards } from "./weights";

const BUNDLED_TOKENIZER = "models/griffin-code-small/tokenizer.json";

/** As Gemma's own template, without its checks of the turns' order. */
const CHAT_TEMPLATE =
  "{{ bos_token }}{% for message in messages %}<start_of_turn>{{ 'model' if message['role'] == 'assistant' else message['role'] }}\n" +
  "{{ message['content'] | trim }}<end_of_turn>\n{% endfor %}{% if add_generation_prompt %}<start_of_turn>model\n{% endif %}";

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      layers: { type: "string" },
      vocabulary: { type: "string" },
      tokenizer: { type: "string", default: BUNDLED_TOKENIZER },
      seed: { type: "string", default: "1" },
    },
  });
  const [kind = "", folder] = positionals;
  const size = kind.replace(/-it$/, "");
  if (!isSize(size) || folder === undefined) throw new Error("Say 2b, 2b-it, 9b or 9b-it, and a folder to write to.");

  const config = hubConfig(size, { layers: values.layers, vocabulary: values.vocabulary });
  const { vocabSize } = parseCheckpointConfig(config).architecture;
  const tokenizer = padTokenizer(JSON.parse(await readFile(values.tokenizer, "utf8")), vocabSize);
  await mkdir(folder, { recursive: true });
  const began = performance.now();
  const bytes = await writeShards(folder, expectedTensors(parseCheckpointConfig(config).architecture), values.seed);
  const tokenizerConfig = {
    bos_token: "<bos>",
    eos_token: "<eos>",
    add_bos_token: true,
    tokenizer_class: "GemmaTokenizer",
    ...(kind === size ? {} : { chat_template: CHAT_TEMPLATE }),
  };
  const texts = {
    "config.json": configText(config),
    [TOKENIZER_FILE]: JSON.stringify(tokenizer, null, 1),
    "tokenizer_config.json": JSON.stringify(tokenizerConfig, null, 1),
  };
  for (const [name, text] of Object.entries(texts)) await writeFile(join(folder, name), text);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`${(bytes / 1e9).toFixed(2)} GB of random weights in ${folder}, ${seconds} s`);
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
