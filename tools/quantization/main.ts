// The tables of what quantization costs: single linears' outputs, and a row for each recipe of the whole model.

import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { firstOfEach, parseTasks, type Task } from "../../src/cli/eval/tasks";
import type { RoundedLinear } from "../../src/engine/convert/calibration/roundLinear";
import { readSequences } from "../../src/engine/convert/calibration/texts";
import { type LanguageModel, loadLanguageModel } from "../../src/engine/languageModel";
import type { TokenId } from "../../src/engine/model";
import { type ModelFolder, readModelFolder } from "../../src/engine/modelFolder";
import { logitsInChunks } from "../../src/engine/predictions";
import { Tokenizer } from "../../src/engine/tokenizer";
import { calibratedLinears } from "./calibrated";
import { printOutputErrors } from "./outputErrors";
import { FLOAT32, RECIPES, type Recipe } from "./recipes";
import { shuffling } from "./shuffle";
import { writeVariant } from "./variant";

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      model: { type: "string", default: "models/griffin-code-small" },
      tasks: { type: "string", default: "test/tasks/text-2k.jsonl" },
      limit: { type: "string", default: "1" },
      characters: { type: "string", default: "8000" },
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
  const reference = await loadLanguageModel(about.folder, { threads });
  const float32 = await compare(reference, reference, tasks);
  console.log("\n| linears | head | bits a weight | weights' error | bits a byte | more than float32 | divergence |");
  console.log(`|${"---|".repeat(7)}`);
  for (const recipe of recipes) {
    const variant = join(folder, "variant");
    let calibrated: ReadonlyMap<string, RoundedLinear> | undefined;
    if (recipe.isCalibrated) {
      // A copy: calibration changes it, and the reference reads the first.
      const copy = join(folder, "copy");
      await cp(about.folder, copy, { recursive: true });
      calibrated = await calibratedLinears(await readModelFolder(copy), sequences);
      await rm(copy, { recursive: true });
    }
    const { bitsPerWeight, error } = await writeVariant(about, recipe, variant, { ...(calibrated && { calibrated }) });
    const lm = await loadLanguageModel(variant, { threads });
    const { bitsPerByte, divergence } = await compare(lm, reference, tasks);
    await lm.model.dispose();
    const cells = [
      ...[recipe.linears, recipe.head, bitsPerWeight.toFixed(2), `${(100 * error).toFixed(2)} %`],
      ...[bitsPerByte.toFixed(4), `${((100 * bitsPerByte) / float32.bitsPerByte - 100).toFixed(1)} %`],
      divergence.toFixed(4),
    ];
    console.log(`| ${cells.join(" | ")} |`);
    await rm(variant, { recursive: true });
  }
  await reference.model.dispose();
}

const CHUNK_TOKENS = 64;

/** @returns divergence: the mean bits a token that believing the model instead of the reference costs */
async function compare(lm: LanguageModel, reference: LanguageModel, tasks: readonly Task[]) {
  let [bits, bytes, divergence, count] = [0, 0, 0, 0];
  for (const { expected } of tasks) {
    const tokens = [lm.about.tokens.bos, ...(await lm.tokenizer.encode(expected))];
    const logits = logitsInChunks(reference.model, tokens, [CHUNK_TOKENS]);
    const { vocabSize } = lm.model.architecture;
    let first = 0;
    for await (const chunk of logitsInChunks(lm.model, tokens, [CHUNK_TOKENS])) {
      const trusted = (await logits.next()).value as Float32Array;
      for (let row = 0; row < chunk.length / vocabSize; row++) {
        const of = (values: Float32Array) => logProbabilities(values.subarray(row * vocabSize, (row + 1) * vocabSize));
        const [p, q] = [of(trusted), of(chunk)];
        const next = tokens[first + row + 1];
        if (next === undefined) continue;
        bits -= q[next]!;
        for (let i = 0; i < vocabSize; i++) divergence += 2 ** p[i]! * (p[i]! - q[i]!);
        count++;
      }
      first += chunk.length / vocabSize;
    }
    bytes += Buffer.byteLength(expected);
  }
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
