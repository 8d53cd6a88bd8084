// A RecurrentGemma checkpoint in the hub's layout whose model is known by heart: after each byte of `text` comes the
// next, after every other a line break. Its embedding is one-hot and its recurrent and attention blocks add nothing;
// the first layer's MLP is the table of successors.

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseCheckpointConfig } from "../../src/engine/convert/config";
import { type ExpectedTensor, expectedTensors } from "../../src/engine/convert/tensors";
import { elementCount, layoutSafetensors } from "../../src/engine/model/safetensors";
import { root } from "../../tools/setUp/paths.mjs";

/** As many dimensions as tokens. */
const SIZE = 288;
/** In the fixture's tokenizer the bytes follow four control tokens. */
const FIRST_BYTE = 4;

const CONFIG = {
  ...{ model_type: "recurrent_gemma", hidden_size: SIZE, vocab_size: SIZE, num_hidden_layers: 3 },
  ...{ intermediate_size: 2 * SIZE, num_attention_heads: 9, head_dim: 32, num_key_value_heads: 1 },
  ...{ attention_window_size: 64, _block_types: ["recurrent", "recurrent", "attention"], torch_dtype: "bfloat16" },
};

/** Writes it to `folder`, in two shards. No byte may come twice in `text`. */
export async function writeBigramCheckpoint(folder: string, text: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const tensors = expectedTensors(parseCheckpointConfig(CONFIG).architecture);
  const half = Math.ceil(tensors.length / 2);
  const weight_map: Record<string, string> = {};
  for (const [index, part] of [tensors.slice(0, half), tensors.slice(half)].entries()) {
    const name = `model-0000${index + 1}-of-00002.safetensors`;
    const layout = layoutSafetensors(new Map(part.map(({ source, shape }) => [source, { dtype: "BF16", shape }])));
    const file = Buffer.alloc(layout.fileBytes);
    layout.header.copy(file);
    for (const tensor of part) {
      const values = valuesOf(tensor, text);
      const { offset } = layout.tensors.get(tensor.source)!;
      for (let i = 0; i < values.length; i++) file.writeUInt16LE(bfloat16(values[i]!), offset + 2 * i);
      weight_map[tensor.source] = name;
    }
    await writeFile(join(folder, name), file);
  }
  const tokenizer = JSON.parse(await readFile(join(root, "test/fixtures/tiny-gemma/tokenizer.json"), "utf8"));
  tokenizer.added_tokens = ["<eos>", "<bos>"].map((content, i) => ({ id: i + 1, content, special: true }));
  const texts = { "config.json": CONFIG, "tokenizer.json": tokenizer, "model.safetensors.index.json": { weight_map } };
  for (const [name, json] of Object.entries(texts)) await writeFile(join(folder, name), JSON.stringify(json));
}

function valuesOf({ source, shape }: ExpectedTensor, text: string): Float32Array {
  const values = new Float32Array(elementCount(shape));
  if (source === "model.embed_tokens.weight") for (let i = 0; i < SIZE; i++) values[i * SIZE + i] = 1;
  if (source === "model.layers.0.mlp_block.gate_proj.bias") values.fill(1);
  if (source === "model.layers.0.mlp_block.down_proj.weight") for (let i = 0; i < SIZE; i++) values[i * SIZE + i] = 4;
  if (source === "model.layers.0.mlp_block.up_proj.weight") {
    for (let token = 0; token < SIZE; token++) values[successor(token, text) * SIZE + token] = 1;
  }
  return values;
}

function successor(token: number, text: string): number {
  const at = text.indexOf(String.fromCharCode(token - FIRST_BYTE));
  const next = at === -1 ? "\n" : (text[at + 1] ?? "\n");
  return FIRST_BYTE + next.charCodeAt(0);
}

/** The upper half of the float32; all values here are small whole numbers. */
function bfloat16(value: number): number {
  return new Uint32Array(new Float32Array([value]).buffer)[0]! >>> 16;
}
