// The table of what quantization costs: one row for each recipe.

import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { firstOfEach, parseTasks, type Task } from "../../src/cli/eval/tasks";
import { plainBits } from "../../src/cli/eval/textBits";
import { loadLanguageModel } from "../../src/engine/languageModel";
import { readModelFolder } from "../../src/engine/modelFolder";
import { RECIPES } from "./recipes";
import { writeVariant } from "./variant";

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      model: { type: "string", default: "models/griffin-code-small" },
      tasks: { type: "string", default: "test/tasks/text-2k.jsonl" },
      limit: { type: "string", default: "1" },
      characters: { type: "string", default: "8000" },
      only: { type: "string", default: "" },
      threads: { type: "string", default: "0" },
      out: { type: "string", default: tmpdir() },
    },
  });
  const about = await readModelFolder(values.model);
  const tasks = firstOfEach(parseTasks(await readFile(values.tasks, "utf8")), Number(values.limit)).map((task) => ({
    ...task,
    expected: task.expected.slice(0, Number(values.characters)),
  }));
  const folder = await mkdtemp(join(values.out, "griffin-quantization-"));
  console.log(
    `${about.displayName}, ${tasks.length} texts of ${values.tasks}, ${values.characters} characters of each at most\n`,
  );
  console.log("| linears | head | bits a weight | weights' error | bits a byte | against float32 |");
  console.log("|---|---|---|---|---|---|");
  let reference: number | undefined;
  try {
    for (const recipe of RECIPES.filter(({ linears }) => new RegExp(values.only).test(linears))) {
      const variant = join(folder, "variant");
      const { bitsPerWeight, error } = await writeVariant(about, recipe, variant);
      const bits = await bitsPerByte(variant, tasks, Number(values.threads));
      reference ??= bits;
      const cells = [
        ...[recipe.linears, recipe.head, bitsPerWeight.toFixed(2), `${(100 * error).toFixed(2)} %`],
        ...[bits.toFixed(4), `${((100 * bits) / reference - 100).toFixed(1)} %`],
      ];
      console.log(`| ${cells.join(" | ")} |`);
      await rm(variant, { recursive: true });
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function bitsPerByte(folder: string, tasks: readonly Task[], threads: number): Promise<number> {
  const lm = await loadLanguageModel(folder, { threads });
  let bits = 0;
  let bytes = 0;
  for (const task of tasks) {
    bits += await plainBits(lm, task);
    bytes += Buffer.byteLength(task.expected);
  }
  await lm.model.dispose();
  return bits / bytes;
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
