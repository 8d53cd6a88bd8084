// griffin logits: the raw numbers, for comparing the engine with a reference.

import { open } from "node:fs/promises";
import type { Command } from "commander";
import { logitsInChunks } from "../engine/decoding/predictions";
import { loadModel } from "../engine/model/loadModel";
import type { TokenId } from "../engine/model/model";
import { readModelFolder } from "../engine/model/modelFolder";
import { isCount, parseJson } from "../text/json";
import { counts, modelOption, threadsOption } from "./options";
import { readInput } from "./readable";
import { UsageError } from "./usageError";
import { checkFile } from "./writable";

interface Options {
  readonly model: string;
  readonly tokens: string;
  readonly chunks: readonly number[];
  readonly out?: string;
  readonly golden?: string;
  readonly threads: number;
}

export function addLogitsCommand(program: Command): void {
  program
    .command("logits")
    .description("run token ids and write the logits at each position: little-endian float32, one row per token")
    .requiredOption("--tokens <file>", "a JSON list of token ids")
    .option("--chunks <sizes>", "tokens in each run, in rotation, such as 1,7,64", counts, [64])
    .option("--out <file>", "write the rows here")
    .option("--golden <file>", "compare with these rows and print the largest difference")
    .addOption(modelOption())
    .addOption(threadsOption())
    .action(logits);
}

async function logits(options: Options): Promise<void> {
  if (options.out === undefined && options.golden === undefined) {
    throw new UsageError("There is nothing to do with the logits: give --out, --golden or both.");
  }
  const tokens = await readTokens(options.tokens);
  await checkFile(options.out);
  const golden = options.golden === undefined ? undefined : await readFloats(options.golden);
  const about = await readModelFolder(options.model);
  const { vocabSize } = about.architecture;
  const unknown = tokens.find((token) => token >= vocabSize);
  if (unknown !== undefined) {
    throw new Error(
      `${options.tokens} has token ${unknown}, and the ids of ${about.displayName} end at ${vocabSize - 1}.`,
    );
  }
  const model = await loadModel(about, { threads: options.threads });
  const out = options.out === undefined ? undefined : await open(options.out, "w");
  let at = 0;
  let largest = 0;
  for await (const rows of logitsInChunks(model, tokens, options.chunks)) {
    // Unlike `write`, all of them: a disk that is full takes some.
    await out?.writeFile(new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength));
    if (golden !== undefined) for (const logit of rows) largest = Math.max(largest, Math.abs(logit - golden[at++]!));
  }
  await out?.close();
  await model.dispose();
  if (golden === undefined) return;
  if (golden.length !== at) {
    throw new Error(
      `${options.golden} holds ${golden.length} numbers and the model gave ${at}: they do not belong together.`,
    );
  }
  process.stdout.write(`${tokens.length} tokens in chunks of ${options.chunks}: largest difference ${largest}\n`);
}

async function readTokens(file: string): Promise<TokenId[]> {
  const tokens = parseJson(String(await readInput(file)));
  const isList = Array.isArray(tokens) && tokens.length > 0 && tokens.every(isCount);
  if (!isList)
    throw new Error(
      `${file} is not a JSON list of token ids, such as [2, 1841, 603]. Give --tokens a file that holds one.`,
    );
  return tokens;
}

async function readFloats(file: string): Promise<Float32Array> {
  const bytes = await readInput(file);
  if (bytes.length % Float32Array.BYTES_PER_ELEMENT !== 0)
    throw new Error(`${file} is not a list of float32 numbers. Give --golden a file that --out has written.`);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}
