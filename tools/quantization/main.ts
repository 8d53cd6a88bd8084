// The tables of what quantization costs: single linears' outputs, and a row for each recipe of the whole model.

import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { firstOfEach, parseTasks, type Task } from "../../src/cli/eval/tasks";
import { readSequences } from "../../src/engine/convert/calibration/texts";
import type { RoundedLinear } from "../../src/engine/convert/calibration/tile";
import { logitsInChunks } from "../../src/engine/decoding/predictions";
import { loadLanguageModel } from "../../src/engine/loadLanguageModel";
import type { TokenId } from "../../src/engine/model/model";
import { type ModelFolder, readModelFolder } from "../../src/engine/model/modelFolder";
import { Tokenizer } from "../../src/engine/model/tokenizer";
import { calibratedLinears } from "./calibrated";
import { printOutputErrors } from "./outputErrors";
import { FLOAT32, RECIPES, type Recipe } from "./recipes";
import { shuffling } from "./shuffle";
import { LogitsReader, LogitsWriter, type TrustedLogits } from "./trustedLogits";
import { writeVariant } from "./variant";

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      model: { type: "string", default: "models/griffin-code-small" },
      tasks: { type: "string", default: "test/tasks/text-2k.jsonl" },
      limit: { type: "string", default: "1" },
      characters: { type: "string", default: "2000" },
      only: { type: "string", default: "" },
      layers: { type: "string", default: "0,8,17" },
      threads: { type: "string", default: "0" },
      out: { type: "string", default: tmpdir() },
    },
  });
  const original = await readModelFolder(values.model);
  const tasks = firstOfEach(parseTasks(await readFile(values.tasks, "utf8")), Number(values.limit)).map((task) => ({
    ...task,
    expected: task.expected.slice(0, Number(values.characters)),
  }));
  const folder = await mkdtemp(join(values.out, "griffin-quantization-"));
  console.log(
    `${original.displayName}, ${tasks.length} texts of ${values.tasks}, ${values.characters} characters of each at most`,
  );
  try {
    const prepare = shuffling(original.architecture);
    const base = join(folder, "base");
    await writeVariant(original, FLOAT32, base, { prepare });
    const about = await readModelFolder(base);
    const sequences = await readSequences("shipped", base, about.tokens.bos);
    if (values.layers !== "") {
      const layers = values.layers.split(",").map(Number);
      console.log(`\nErrors of outputs, layers ${layers.join(", ")}\n`);
      await printOutputErrors(about, layers, sequences, await sequencesOf(base, tasks, about.tokens.bos));
    }
    const recipes = RECIPES.filter(({ linears }) => new RegExp(values.only).test(linears));
    if (recipes.length > 0) {
      await printWholeModels({ about, recipes, sequences, tasks, folder, threads: Number(values.threads) });
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

interface Comparison {
  /** In float32. */
  readonly about: ModelFolder;
  readonly recipes: readonly Recipe[];
  readonly sequences: readonly (readonly TokenId[])[];
  readonly tasks: readonly Task[];
  readonly folder: string;
  readonly threads: number;
}

async function printWholeModels({ about, recipes, sequences, tasks, folder, threads }: Comparison): Promise<void> {
  const trusted = join(folder, "logits");
  const float32 = await judge(about.folder, tasks, threads, new LogitsWriter(trusted));
  console.log("\n| linears | head | bits a weight | weights' error | bits a byte | more than float32 | divergence |");
  console.log(`|${"---|".repeat(7)}`);
  console.log(`| float32 | float32 | 32 | | ${float32.bitsPerByte.toFixed(4)} | | |`);
  for (const recipe of recipes) {
    const variant = join(folder, "variant");
    let calibrated: ReadonlyMap<string, RoundedLinear> | undefined;
    if (recipe.isCalibrated) {
      const copy = join(folder, "copy"); // Calibration changes it.
      await cp(about.folder, copy, { recursive: true });
      calibrated = await calibratedLinears(await readModelFolder(copy), sequences);
      await rm(copy, { recursive: true });
    }
    const { bitsPerWeight, error } = await writeVariant(about, recipe, variant, { ...(calibrated && { calibrated }) });
    const { bitsPerByte, divergence } = await judge(variant, tasks, threads, new LogitsReader(trusted));
    const cells = [
      recipe.linears,
      recipe.head,
      bitsPerWeight.toFixed(2),
      `${(100 * error).toFixed(2)} %`,
      bitsPerByte.toFixed(4),
      `${((100 * bitsPerByte) / float32.bitsPerByte - 100).toFixed(1)} %`,
      divergence.toFixed(4),
    ];
    console.log(`| ${cells.join(" | ")} |`);
    await rm(variant, { recursive: true });
  }
}

const CHUNK_TOKENS = 64;

/** @returns divergence: the mean bits a token that believing the model instead of float32 costs */
async function judge(folder: string, tasks: readonly Task[], threads: number, trusted: TrustedLogits) {
  const lm = await loadLanguageModel(folder, { threads });
  const { vocabSize } = lm.model.architecture;
  let [bits, bytes, divergence, count] = [0, 0, 0, 0];
  for (const { expected } of tasks) {
    const tokens = [lm.about.tokens.bos, ...(await lm.tokenizer.encode(expected))];
    let at = 0;
    for await (const chunk of logitsInChunks(lm.model, tokens, [CHUNK_TOKENS])) {
      const other = trusted.next(chunk);
      for (let start = 0; start < chunk.length; start += vocabSize) {
        const next = tokens[++at];
        if (next === undefined) break;
        const [p, q] = [other, chunk].map((logits) => logProbabilities(logits.subarray(start, start + vocabSize)));
        bits -= q![next]!;
        for (let i = 0; i < vocabSize; i++) divergence += 2 ** p![i]! * (p![i]! - q![i]!);
        count++;
      }
    }
    bytes += Buffer.byteLength(expected);
  }
  await lm.model.dispose();
  trusted.close();
  return { bitsPerByte: bits / bytes, divergence: divergence / count };
}

/** To the base of 2. */
function logProbabilities(logits: Float32Array): Float64Array {
  const largest = logits.reduce((a, b) => Math.max(a, b));
  let sum = 0;
  for (const value of logits) sum += Math.exp(value - largest);
  const log = Math.log(sum) + largest;
  return Float64Array.from(logits, (value) => (value - log) / Math.LN2);
}

async function sequencesOf(folder: string, tasks: readonly Task[], bos: TokenId): Promise<TokenId[][]> {
  const tokenizer = await Tokenizer.load(folder);
  return Promise.all(tasks.map(async ({ expected }) => [bos, ...(await tokenizer.encode(expected)).slice(0, 511)]));
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
